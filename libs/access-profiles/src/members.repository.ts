import { Injectable } from '@nestjs/common'
import { Database, raw, readPage, sql, type PageText, type Order, type PageRequest, type Projection } from '#platform'
import { memberProjection } from './access-profiles.fields.ts'

export interface Membership {
  readonly profile_id: string
  readonly identity_id: string
}

const newestFirst: Order = {
  keys: [
    { expression: raw('t.created_at'), type: 'timestamptz' },
    { expression: raw('t.identity_id'), type: 'uuid' },
  ],
  descending: true,
}

@Injectable()
export class MembersRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(profileId: string, page: PageRequest, view: Projection = memberProjection): Promise<PageText> {
    return readPage(this.#database, view, page, [sql`t.profile_id = ${profileId}::uuid`], { profileId }, newestFirst)
  }

  /** By id, what state the identities are in. Nobody makes them inactive before the transaction ends. */
  async lifecycleStates(identityIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.query<{ id: string; lifecycle_state: string }>(
      sql`select id::text as id, lifecycle_state from identities
        where id = any(${[...identityIds]}::uuid[]) order by id for share`.toStatement(),
    )
    return new Map(rows.map(({ id, lifecycle_state }) => [id, lifecycle_state]))
  }

  /** Who of them is a member of which: the profile's and the identity's id, with a space between them. */
  async existing(profileIds: readonly string[], identityIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#database.query<{ pair: string }>(
      sql`select profile_id || ' ' || identity_id as pair from access_profile_members
        where profile_id = any(${[...profileIds]}::uuid[]) and identity_id = any(${[...identityIds]}::uuid[])`.toStatement(),
    )
    return new Set(rows.map(({ pair }) => pair))
  }

  /** Those that were no members before. */
  add(memberships: readonly Membership[], createdFrom: string, createdBy: string): Promise<Membership[]> {
    if (memberships.length === 0) return Promise.resolve([])
    return this.#database.query(
      sql`insert into access_profile_members (profile_id, identity_id, created_from, created_by)
        select r.profile_id, r.identity_id, ${createdFrom}, ${createdBy} from ${recordset(memberships)}
        on conflict do nothing
        returning profile_id::text as profile_id, identity_id::text as identity_id`.toStatement(),
    )
  }

  /** Everybody of the profiles. */
  removeAll(profileIds: readonly string[]): Promise<Membership[]> {
    return this.#database.query(
      sql`delete from access_profile_members t where t.profile_id = any(${[...profileIds]}::uuid[])
        returning t.profile_id::text as profile_id, t.identity_id::text as identity_id`.toStatement(),
    )
  }

  /** Those that were members before. */
  remove(memberships: readonly Membership[]): Promise<Membership[]> {
    if (memberships.length === 0) return Promise.resolve([])
    return this.#database.query(
      sql`delete from access_profile_members t using ${recordset(memberships)}
        where t.profile_id = r.profile_id and t.identity_id = r.identity_id
        returning t.profile_id::text as profile_id, t.identity_id::text as identity_id`.toStatement(),
    )
  }
}

function recordset(memberships: readonly Membership[]) {
  return sql`jsonb_to_recordset(${JSON.stringify(memberships)}::text::jsonb) as r(profile_id uuid, identity_id uuid)`
}
