import { Injectable } from '@nestjs/common'
import { columns, Database, raw, readOne, sql, type Projection } from '#platform'
import type { ProfileView } from './me.dto.ts'

const projection: Projection = {
  table: 'identities',
  fields: {
    ...columns('id', 'name', 'email', 'manager_id', 'lifecycle_state', 'attributes', 'external_id'),
    tenant: raw(
      `(select json_build_object('id', n.id, 'name', n.name, 'slug', n.slug) from tenants n where n.id = t.tenant_id)`,
    ),
    groups: raw(`(
      select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name) order by g.name), '[]')
      from group_members m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
      where m.tenant_id = t.tenant_id and m.identity_id = t.id)`),
  },
}

@Injectable()
export class MeRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  profile(identityId: string): Promise<ProfileView | null> {
    return readOne(this.#database, projection, [sql`t.id = ${identityId}::uuid`])
  }
}
