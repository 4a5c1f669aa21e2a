import { Injectable } from '@nestjs/common'
import {
  all, Database, oldestFirst, perRow, Prisma, raw, readAll, readOffsetPage, readOne, readPage, sql, type Fragment, type PageText, type OffsetPage,
  type OffsetRequest, type PageRequest, type Projection,
} from '#platform' // prettier-ignore
import type { AccessProfile } from './access-profiles.dto.ts'
import {
  managedBy, profileProjection, reach, selecting, type ProfileSelection,
} from './access-profiles.fields.ts' // prettier-ignore
import type { EntitlementView } from './profile-entitlements.fields.ts'

/** The columns of a profile that are written. */
export interface ProfileRow {
  readonly name: string
  readonly description: string | null
  readonly owner_id: string | null
  readonly source_id: string | null
  readonly source_given: boolean
  readonly type_id: string | null
  readonly state: 'running' | 'paused'
  readonly started_at: Date | null
  readonly started_by: string | null
  readonly labels: readonly string[]
  readonly requestable: boolean
  readonly request_config: object | null
  readonly revocation_config: object | null
  readonly provisioning_criteria: object | null
  readonly additional_owners: readonly object[]
  readonly access_model_metadata: object | null
  readonly catalog_item: object | null
  readonly custom_properties: object
  readonly require_approval_to_start: boolean
  readonly access_request_policy_id: string | null
  readonly created_entitlements: readonly object[]
  readonly created_by: string
  readonly external_id: string | null
  readonly published_version: number | null
}

/** What may be referred to, and its table. */
const referable = {
  identity: 'identities',
  group: 'groups',
  source: 'sources',
  segment: 'segments',
  entitlement: 'entitlements',
  access_profile: 'access_profiles',
  access_profile_type: 'access_profile_types',
} as const
export type Referable = keyof typeof referable

/** Something that uses a profile and keeps it from being deleted. */
export interface ProfileUser {
  readonly profile_id: string
  readonly type: 'access_profile' | 'identity'
  readonly id: string
  readonly name: string
}

export interface SeenProfiles extends ProfileSelection {
  /** The sub-administrator who looks, and sees what comes of its sources; null: somebody who sees all. */
  readonly sight: string | null
}

/** The entitlements that a profile gives, or would give once it runs; `own`: without those that it inherits. */
export interface GivenBy {
  readonly id: string
  readonly own: boolean
}

const documentColumns: ReadonlySet<string> = new Set([
  'request_config', 'revocation_config', 'provisioning_criteria', 'access_model_metadata', 'catalog_item',
]) // prettier-ignore

@Injectable()
export class AccessProfilesRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Waits until nobody else of the tenant changes profiles, versions or members, and keeps others from it until the
   * transaction ends: what is checked of inheritance still holds when it is written. Comes before every other lock.
   */
  async claim(): Promise<void> {
    await this.#database.query(
      raw(`select pg_advisory_xact_lock(hashtextextended('access_profiles ' || app_tenant(), 0))::text`).toStatement(),
    )
  }

  list(page: PageRequest, selection: SeenProfiles, view: Projection): Promise<PageText> {
    return readPage(this.#database, view, page, seen(selection), selection)
  }

  listByOffset(page: OffsetRequest, selection: SeenProfiles, view: Projection): Promise<OffsetPage> {
    return readOffsetPage(this.#database, view, page, seen(selection), selection, oldestFirst)
  }

  find<T = AccessProfile>(
    id: string,
    sight: string | null,
    view: Projection = profileProjection,
    selection: ProfileSelection = {},
  ): Promise<T | null> {
    return readOne<T>(this.#database, view, [sql`t.id = ${id}::uuid`, ...seen({ ...selection, sight })])
  }

  findAll(ids: readonly string[], sight: string | null): Promise<AccessProfile[]> {
    return readAll(this.#database, profileProjection, [sql`t.id = any(${[...ids]}::uuid[])`, ...seen({ sight })])
  }

  /** Which of the profiles there are, for the one who looks. */
  async existing(ids: readonly string[], sight: string | null): Promise<ReadonlySet<string>> {
    const conditions = all([sql`t.id = any(${[...ids]}::uuid[])`, ...seen({ sight })])
    const rows = await this.#database.query<{ id: string }>(
      sql`select t.id::text as id from access_profiles t where ${conditions}`.toStatement(),
    )
    return new Set(rows.map(({ id }) => id))
  }

  /** Whether the profile has been told its source, rather than taking it from its entitlements. */
  async sourceGiven(id: string): Promise<boolean> {
    const [row] = await this.#database.query<{ source_given: boolean }>(
      sql`select source_given from access_profiles where id = ${id}::uuid`.toStatement(),
    )
    return row?.source_given ?? false
  }

  /** What runs from the first was made at that moment, not behind it. */
  async insertAll(profiles: readonly (ProfileRow & { readonly id: string })[]): Promise<void> {
    const { access_profiles: rows } = this.#database.prisma
    await rows.createMany({
      data: profiles.map((row) => ({
        ...columns(row),
        ...(row.started_at && { created_at: row.started_at, updated_at: row.started_at }),
      })),
    })
  }

  async update(id: string, changed: Partial<ProfileRow>): Promise<void> {
    await this.#database.prisma.access_profiles.updateMany({ where: { id }, data: columns(changed) })
  }

  /** Another version of the row, since its draft came or went. */
  async touch(id: string): Promise<void> {
    await this.#database.query(sql`update access_profiles set id = id where id = ${id}::uuid`.toStatement())
  }

  async removeAll(ids: readonly string[]): Promise<void> {
    await this.#database.prisma.access_profiles.deleteMany({ where: { id: { in: [...ids] } } })
  }

  async setSegments(
    profiles: readonly { readonly id: string; readonly segment_ids: readonly string[] }[],
  ): Promise<void> {
    const { access_profile_segments: rows } = this.#database.prisma
    await rows.deleteMany({ where: { profile_id: { in: profiles.map(({ id }) => id) } } })
    await rows.createMany({
      data: profiles.flatMap(({ id, segment_ids }) =>
        segment_ids.map((segment_id, position) => ({ profile_id: id, segment_id, position })),
      ),
    })
  }

  async names(kind: 'identity' | 'group', ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map()
    const rows = await this.#database.query<{ id: string; name: string }>(
      sql`select t.id::text as id, t.name from ${raw(referable[kind])} t where t.id = any(${[...ids]}::uuid[])`.toStatement(),
    )
    return new Map(rows.map(({ id, name }) => [id, name]))
  }

  /** Those of the ids that nothing has; what the others have is not deleted before the transaction ends. */
  async missing(kind: Referable, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return []
    const rows = await this.#database.query<{ id: string }>(
      sql`select id::text as id from ${raw(referable[kind])} where id = any(${[...ids]}::uuid[]) order by id for key share`.toStatement(),
    )
    const found = new Set(rows.map(({ id }) => id))
    return ids.filter((id) => !found.has(id))
  }

  /** The source of each entitlement, by the entitlement's id. */
  async sourcesOf(entitlementIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (entitlementIds.length === 0) return new Map()
    const rows = await this.#database.query<{ id: string; source_id: string }>(
      sql`select id::text as id, source_id::text as source_id from entitlements
        where id = any(${[...entitlementIds]}::uuid[]) order by id for key share`.toStatement(),
    )
    return new Map(rows.map(({ id, source_id }) => [id, source_id]))
  }

  async now(): Promise<Date> {
    const [row] = await this.#database.query<{ now: string }>(raw('select wire_time(app_now()) as now').toStatement())
    return new Date(row?.now ?? '')
  }

  /** The profiles and all that inherit from them through published versions, at any depth. */
  async descendants(ids: readonly string[]): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      sql`with recursive below (id) as (
          select unnest(${[...ids]}::uuid[])
          union
          select p.id from below b
            ${perRow(sql`select x.profile_id, x.number from access_profile_parents x where x.parent_id = b.id`)} x
            ${perRow(sql`select p.id from access_profiles p where p.id = x.profile_id and p.published_version = x.number`)} p
        )
        select id::text as id from below`.toStatement(),
    )
    return rows.map(({ id }) => id)
  }

  /** The way from one of the parents up to the profile, by names, or null: with it the profile would inherit from itself. */
  async cycle(id: string, parents: readonly string[]): Promise<string[] | null> {
    const [row] = await this.#database.query<{ names: string[] }>(
      sql`with recursive above (id, number) as (
          select p.id, p.published_version from access_profiles p where p.id = any(${[...parents]}::uuid[])
          union
          select p.id, p.published_version from above a
            ${perRow(sql`select x.parent_id from access_profile_parents x where x.profile_id = a.id and x.number = a.number`)} x
            ${perRow(sql`select p.id, p.published_version from access_profiles p where p.id = x.parent_id`)} p
        )
        select array(
          select p.name from above a join access_profiles p on p.id = a.id
          where a.id = any(${[...parents]}::uuid[]) order by p.name limit 5) as names
        where exists (select from above where id = ${id}::uuid)`.toStatement(),
    )
    return row?.names ?? null
  }

  /** Those whose published version or draft inherits from the profiles, at most `limit` of each profile. */
  inheriting(ids: readonly string[], limit: number): Promise<ProfileUser[]> {
    return this.#database.query(
      sql`select used.id::text as profile_id, 'access_profile' as type, u.id::text as id, u.name
        from unnest(${[...ids]}::uuid[]) used (id) cross join lateral (
          select distinct p.id, p.name
          from access_profile_parents x join access_profiles p on p.id = x.profile_id where x.parent_id = used.id
          order by p.name limit ${limit}::int
        ) u`.toStatement(),
    )
  }

  /** What uses a profile: those that inherit from it, and its members, at most `limit`. */
  async users(id: string, limit: number): Promise<ProfileUser[]> {
    const profiles = await this.inheriting([id], limit)
    const members = await this.#database.query<ProfileUser>(
      sql`select m.profile_id::text as profile_id, 'identity' as type, i.id::text as id, i.name
        from access_profile_members m join identities i on i.id = m.identity_id
        where m.profile_id = ${id}::uuid order by m.created_at, m.identity_id limit ${limit - profiles.length}::int`.toStatement(),
    )
    return [...profiles, ...members]
  }

  async usage(id: string): Promise<{ access_profiles: number; members: number }> {
    const [row] = await this.#database.query<{ access_profiles: number; members: number }>(
      sql`select
          (select count(distinct x.profile_id)::int from access_profile_parents x where x.parent_id = ${id}::uuid) as access_profiles,
          (select count(*)::int from access_profile_members m where m.profile_id = ${id}::uuid) as members`.toStatement(),
    )
    return row ?? { access_profiles: 0, members: 0 }
  }

  entitlements(page: PageRequest, given: GivenBy, view: EntitlementView): Promise<PageText> {
    const from = givers(given)
    return readPage(this.#database, view(from), page, [givenBy(from)], given)
  }

  entitlementsByOffset(page: OffsetRequest, given: GivenBy, view: EntitlementView): Promise<OffsetPage> {
    const from = givers(given)
    return readOffsetPage(this.#database, view(from), page, [givenBy(from)], given, oldestFirst)
  }
}

const seen = ({ sight, ...selection }: SeenProfiles): Fragment[] => [
  ...(sight === null ? [] : [managedBy(sight)]),
  ...selecting(selection),
]

function givers({ id, own }: GivenBy): Fragment {
  const root = sql`p.id = ${id}::uuid`
  return own
    ? sql`select p.id as profile_id, p.id, p.published_version as number from access_profiles p where ${root}`
    : reach(root)
}

const givenBy = (from: Fragment): Fragment => sql`t.id in (
  select x.entitlement_id from (${from}) r join access_profile_entitlements x on x.profile_id = r.id and x.number = r.number)`

/** As Prisma takes them: null of a JSON column is SQL's, lists are copies. */
function columns(row: Partial<ProfileRow>): Prisma.access_profilesCreateManyInput {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value === null && documentColumns.has(name)
        ? Prisma.DbNull
        : Array.isArray(value)
          ? [...(value as unknown[])]
          : value,
    ]),
  ) as unknown as Prisma.access_profilesCreateManyInput
}
