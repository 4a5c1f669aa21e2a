import { Injectable } from '@nestjs/common'
import type { NameHolder } from '#directory'
import { Database, perRow, raw, readAll, sql, type Projection } from '#platform'
import type { AccessProfile } from '../access-profiles.dto.ts'
import { ofPublished, profileProjection } from '../access-profiles.fields.ts'
import type { ProfileRow } from '../access-profiles.repository.ts'

/** A stored profile, and what its next version needs to know. */
export interface StoredProfile extends AccessProfile {
  readonly source_given: boolean
  readonly last_number: number
  /** That of its published version. */
  readonly version_policy_id: string | null
}

/** The columns that lines of an import write. */
export type ImportedColumns = Pick<
  ProfileRow,
  | 'name' | 'description' | 'owner_id' | 'source_id' | 'source_given' | 'state' | 'started_at' | 'started_by' | 'labels'
  | 'requestable' | 'request_config' | 'published_version'
> & { readonly id: string } // prettier-ignore

const projection: Projection = {
  ...profileProjection,
  fields: {
    ...profileProjection.fields,
    source_given: raw('t.source_given'),
    last_number: raw(`(select coalesce(max(v.number), 0) from access_profile_versions v where v.profile_id = t.id)`),
    version_policy_id: ofPublished(raw('v.access_request_policy_id')),
  },
}

/** Many profiles at once, as an import reads and writes them. */
@Injectable()
export class ImportedProfiles {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async named(externalIds: readonly string[]): Promise<ReadonlyMap<string | null, StoredProfile>> {
    const named = sql`t.external_id = any(${[...externalIds]}::text[])`
    const found = await readAll<StoredProfile>(this.#database, projection, [named])
    return new Map(found.map((profile) => [profile.external_id, profile]))
  }

  /** External id → id. */
  async ids(externalIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.query<{ external_id: string; id: string }>(
      sql`select t.external_id, t.id::text as id from access_profiles t
        where t.external_id = any(${[...new Set(externalIds)]}::text[])`.toStatement(),
    )
    return new Map(rows.map(({ external_id, id }) => [external_id, id]))
  }

  /** Who has these names, in whatever case. */
  holders(names: readonly string[]): Promise<NameHolder[]> {
    return this.#database.query(
      sql`select w.name, t.id::text as id, t.external_id
        from unnest(${[...names]}::text[]) w (name) join access_profiles t on t.name_key = fold(w.name)`.toStatement(),
    )
  }

  /** Takes the names from these profiles, which are about to be given other ones: two of them may change places. */
  async unname(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    await this.#database.query(
      sql`update access_profiles t set name = chr(1) || t.id where t.id = any(${[...ids]}::uuid[])`.toStatement(),
    )
  }

  async updateAll(rows: readonly ImportedColumns[]): Promise<void> {
    if (rows.length === 0) return
    await this.#database.query(
      sql`update access_profiles t set name = r.name, description = r.description, owner_id = r.owner_id,
          source_id = r.source_id, source_given = r.source_given, state = r.state, started_at = r.started_at,
          started_by = r.started_by, labels = r.labels, requestable = r.requestable, request_config = r.request_config,
          published_version = r.published_version
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id uuid, name text, description text,
          owner_id uuid, source_id uuid, source_given boolean, state text, started_at timestamptz, started_by text,
          labels text[], requestable boolean, request_config jsonb, published_version int)
        where t.id = r.id`.toStatement(),
    )
  }

  /** The name of one of the profiles that inherits from itself, or null. */
  async cyclic(ids: readonly string[]): Promise<string | null> {
    const [row] = await this.#database.query<{ name: string }>(
      sql`with recursive above (root, id) as (
          select x.profile_id, x.parent_id from access_profile_parents x
            join access_profiles p on p.id = x.profile_id and p.published_version = x.number
          where x.profile_id = any(${[...ids]}::uuid[])
          union
          select a.root, x.parent_id from above a
            ${perRow(sql`select p.published_version from access_profiles p where p.id = a.id`)} p
            ${perRow(sql`select x.parent_id from access_profile_parents x where x.profile_id = a.id and x.number = p.published_version`)} x
        )
        select p.name from above a join access_profiles p on p.id = a.root where a.root = a.id limit 1`.toStatement(),
    )
    return row?.name ?? null
  }
}
