import { Injectable } from '@nestjs/common'
import type { KindName, ObjectUser } from '#directory'
import { Database, sql, type Fragment } from '#platform'

const mostNamed = 50

/** The ids of the profiles that refer to an object, from everywhere where one can. */
const referring: Readonly<Record<KindName, (id: string) => Fragment>> = {
  identity: (id) => sql`select id from access_profiles where owner_id = ${id}::uuid
    union select profile_id from access_profile_parties where identity_id = ${id}::uuid
    union select profile_id from access_profile_members where identity_id = ${id}::uuid`,
  group: (id) => sql`select profile_id from access_profile_parties where group_id = ${id}::uuid`,
  source: (id) => sql`select id from access_profiles where source_id = ${id}::uuid`,
  segment: (id) => sql`select profile_id from access_profile_segments where segment_id = ${id}::uuid`,
  entitlement: (id) => sql`select profile_id from access_profile_entitlements where entitlement_id = ${id}::uuid`,
}

@Injectable()
export class ProfileUsesRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The profiles that refer to an object of the directory, in whatever part; the first 50 of them. */
  of(kind: KindName, id: string): Promise<ObjectUser[]> {
    return this.#database.query(
      sql`select 'access_profile' as type, p.id::text as id, p.name from access_profiles p
        where p.id in (${referring[kind](id)}) order by p.name limit ${mostNamed}::int`.toStatement(),
    )
  }
}
