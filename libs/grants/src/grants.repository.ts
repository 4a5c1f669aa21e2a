import { Injectable } from '@nestjs/common'
import type { BoundFilter } from '#filter'
import {
  all,
  Database,
  filtered,
  raw,
  readAll,
  readOne,
  readPage,
  sql,
  type Fragment,
  type JsonText,
  type PageRequest,
} from '#platform'
import type { GrantView, TimelineEntry } from './grants.dto.ts'
import type { Grantable, Target } from './target.ts'
import { accountOf, grantProjection, hasStatus, isListed, isLive, isOpen, type GrantStatus } from './grants.fields.ts'

export interface GrantSelection {
  readonly status?: GrantStatus | undefined
  readonly grantee_id?: string | undefined
  readonly resource_type?: string | undefined
  readonly resource_id?: string | undefined
}

export interface NewGrant {
  readonly id: string
  readonly grantee_id: string
  readonly entitlement_id: string | null
  /** The profile whose member the grantee is, for a grant that an assignment makes. */
  readonly access_profile_id: string | null
  readonly resource_type: string
  readonly resource_id: string
  readonly action: string
  readonly state: 'scheduled' | GrantStatus
  readonly starts_at: Date
  readonly granted_at: Date
  readonly expires_at: Date | null
  readonly revoked_at: Date | null
  readonly revoke: object | null
  readonly extension_limit: number | null
  readonly extension_until: Date | null
  readonly metadata: object
  readonly timeline: readonly TimelineEntry[]
  readonly external_id: string | null
}

export interface GrantUpdate {
  readonly id: string
  readonly expires_at: string | null
  /** When this update revokes it. */
  readonly revoked_at: string | null
  readonly metadata: object
}

@Injectable()
export class GrantsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(selection: GrantSelection, page: PageRequest): Promise<JsonText> {
    const { status, ...exact } = selection
    const conditions = [...(status ? [hasStatus[status]] : listed(page.filter)), ...matching(exact)]
    return readPage(this.#database, grantProjection, page, conditions, selection)
  }

  find(id: string): Promise<GrantView | null> {
    return readOne<GrantView>(this.#database, grantProjection, [sql`t.id = ${id}::uuid`])
  }

  async findAll(ids: readonly string[]): Promise<GrantView[]> {
    return readAll<GrantView>(this.#database, grantProjection, [sql`t.id = any(${[...ids]}::uuid[])`])
  }

  /** Locks the rows in the order of their ids, until the transaction ends; the grants as they are then. */
  async lock(ids: readonly string[]): Promise<GrantView[]> {
    await this.#database.query(
      sql`select 1 as locked from grants t where t.id = any(${[...ids]}::uuid[]) order by t.id for update`.toStatement(),
    )
    return this.findAll(ids)
  }

  /** By a filter: those that a list would show of it. */
  async openIds(selection: GrantSelection, filter: BoundFilter | undefined, limit: number): Promise<string[]> {
    const conditions = [isOpen, ...matching(selection), ...(filter ? [filtered(filter), ...listed(filter)] : [])]
    const rows = await this.#database.query<{ id: string }>(
      sql`select t.id::text as id from grants t where ${all(conditions)} order by t.id limit ${limit}::int`.toPassingStatement(),
    )
    return rows.map(({ id }) => id)
  }

  async now(): Promise<Date> {
    const [row] = await this.#database.query<{ now: string }>(raw('select wire_time(app_now()) as now').toStatement())
    return new Date(row?.now ?? '')
  }

  async insertAll(grants: readonly NewGrant[]): Promise<void> {
    await this.#database.prisma.grants.createMany({
      data: grants.map(({ metadata, timeline, revoke, ...columns }) => ({
        ...columns,
        metadata: json(metadata),
        timeline: json(timeline),
        ...(revoke && { revoke: json(revoke) }),
      })),
    })
  }

  /** Locked, so that nobody makes it inactive before the transaction ends. */
  async identityState(id: string): Promise<string | null> {
    const [identity] = await this.#database.query<{ lifecycle_state: string }>(
      sql`select lifecycle_state from identities where id = ${id}::uuid for share`.toStatement(),
    )
    return identity?.lifecycle_state ?? null
  }

  /** Those of the identities that are not active; none becomes so before the transaction ends. */
  async inactive(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.#database.query<{ id: string; lifecycle_state: string }>(
      sql`select id::text as id, lifecycle_state from identities
        where id = any(${[...new Set(ids)].toSorted()}::uuid[]) order by id for share`.toStatement(),
    )
    return new Set(rows.flatMap(({ id, lifecycle_state }) => (lifecycle_state === 'active' ? [] : [id])))
  }

  /** Those that exist. None is deleted, nor comes to give other access, before the transaction ends. */
  async entitlements(ids: readonly string[]): Promise<ReadonlyMap<string, Grantable>> {
    const found = await this.#entitlements(sql`id = any(${[...ids]}::uuid[]) order by id`)
    return new Map(found.map((each) => [each.id, each]))
  }

  /** The same for those that give a target; two are enough to know that there is more than one. */
  entitlementsFor({ resource_type, resource_id, action }: Target): Promise<Grantable[]> {
    return this.#entitlements(
      sql`resource_type = ${resource_type} and resource_id = ${resource_id} and action = ${action} limit 20`,
    )
  }

  #entitlements(condition: Fragment): Promise<Grantable[]> {
    return this.#database.query<Grantable>(
      sql`select id::text as id, resource_type, resource_id, action, attributes->>'account_id' as account_id
        from entitlements where ${condition} for share`.toStatement(),
    )
  }

  /** Those of the entitlements that have open grants. */
  async openAmong(entitlementIds: readonly string[]): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      sql`select e.id::text as id from unnest(${[...entitlementIds]}::uuid[]) e (id)
        where exists (select from grants t where t.entitlement_id = e.id and ${isOpen})`.toStatement(),
    )
    return rows.map(({ id }) => id)
  }

  /** The stored grants with these external ids, locked until the transaction ends. */
  async lockImported(externalIds: readonly string[]): Promise<Map<string, GrantView>> {
    const named = sql`t.external_id = any(${[...externalIds]}::text[])`
    await this.#database.query(
      sql`select 1 as locked from grants t where ${named} order by t.id for update`.toStatement(),
    )
    const found = await readAll<GrantView>(this.#database, grantProjection, [named])
    return new Map(found.map((grant) => [grant.external_id ?? '', grant]))
  }

  async updateImported(updates: readonly GrantUpdate[], actor: TimelineEntry['actor']): Promise<void> {
    if (updates.length === 0) return
    await this.#database.query(
      sql`update grants t set expires_at = u.expires_at, revoked_at = coalesce(u.revoked_at, t.revoked_at), metadata = u.metadata,
          state = case when u.revoked_at is null then t.state else 'revoked' end,
          revoke = case when u.revoked_at is null then t.revoke
            else jsonb_build_object('reason', 'manual', 'comment', null, 'actor', ${JSON.stringify(actor)}::text::jsonb) end,
          timeline = case when u.revoked_at is null then t.timeline
            else t.timeline || jsonb_build_array(jsonb_build_object(
              'event', 'revoked', 'at', wire_time(u.revoked_at), 'actor', ${JSON.stringify(actor)}::text::jsonb)) end
        from jsonb_to_recordset(${JSON.stringify(updates)}::text::jsonb)
          as u(id uuid, expires_at timestamptz(3), revoked_at timestamptz(3), metadata jsonb)
        where t.id = u.id`.toStatement(),
    )
  }

  async extend(id: string, expiresAt: Date, entry: TimelineEntry): Promise<void> {
    await this.#database.query(
      sql`update grants set expires_at = ${expiresAt.toISOString()}::timestamptz, extension_count = extension_count + 1,
          timeline = timeline || ${JSON.stringify([entry])}::text::jsonb
        where id = ${id}::uuid`.toStatement(),
    )
  }

  /** Those of the grants that are still open when it comes to them, in the order of their ids: these are revoked. */
  async revoke(ids: readonly string[], revoke: object, entry: TimelineEntry): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      sql`with revoked as (
          update grants t set state = 'revoked', revoked_at = ${entry.at}::timestamptz,
            revoke = ${JSON.stringify(revoke)}::text::jsonb, timeline = timeline || ${JSON.stringify([entry])}::text::jsonb
          where t.id = any(${[...ids]}::uuid[]) and ${isOpen}
          returning t.id
        )
        select id::text as id from revoked order by revoked.id`.toStatement(),
    )
    return rows.map(({ id }) => id)
  }

  /**
   * Writes down what time has changed, for grants that no other process is at: at most `limit` that have begun, and as
   * many that have ended. Each row changes once, whoever runs it.
   */
  async settle(
    limit: number,
    actor: TimelineEntry['actor'],
  ): Promise<{ id: string; event: 'activated' | 'expired' }[]> {
    return this.#database.query(
      sql`with ended as (
          select t.id, 'expired' as state, t.expires_at as since from grants t
          where t.state in ('scheduled', 'active') and t.expires_at <= app_now()
          order by t.expires_at limit ${limit}::int for update skip locked
        ),
        begun as (
          select t.id, 'active' as state, t.starts_at as since from grants t
          where t.state = 'scheduled' and t.starts_at <= app_now() and (t.expires_at is null or t.expires_at > app_now())
          order by t.starts_at limit ${limit}::int for update skip locked
        ),
        due as (select * from ended union all select * from begun)
        update grants t set state = due.state, timeline = t.timeline || jsonb_build_array(jsonb_build_object(
          'event', case due.state when 'active' then 'activated' else 'expired' end,
          'at', wire_time(due.since), 'actor', ${JSON.stringify(actor)}::text::jsonb))
        from due where t.id = due.id
        returning t.id::text as id, case t.state when 'active' then 'activated' else 'expired' end as event`.toStatement(),
    )
  }

  /**
   * Which of the grants, just ended, leave access that another live grant of the same person still covers: one of the same
   * entitlement; or, where either has none, one of the same resource and action. A permission set is another one in each account.
   */
  async stillCovered(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.#database.query<{ id: string }>(
      sql`select ended.id::text as id from grants ended left join entitlements gave on gave.id = ended.entitlement_id
        where ended.id = any(${[...ids]}::uuid[]) and exists (
          select from grants t left join entitlements e on e.id = t.entitlement_id
          where t.grantee_id = ended.grantee_id and t.resource_type = ended.resource_type
            and t.resource_id = ended.resource_id and t.action = ended.action
            and (t.entitlement_id = ended.entitlement_id
              or ((t.entitlement_id is null or ended.entitlement_id is null)
                and (t.resource_type <> 'aws_permission_set'
                  or ${accountOf('t', 'e')} is not distinct from ${accountOf('ended', 'gave')})))
            and ${isLive})`.toStatement(),
    )
    return new Set(rows.map(({ id }) => id))
  }
}

/** Scheduled grants are listed when the filter speaks of the state. */
const listed = (filter: BoundFilter | undefined): Fragment[] => (filter?.mentions('state') ? [] : [isListed])

function matching({ grantee_id, resource_type, resource_id }: GrantSelection): Fragment[] {
  return [
    ...(grantee_id === undefined ? [] : [sql`t.grantee_id = ${grantee_id}::uuid`]),
    ...(resource_type === undefined ? [] : [sql`t.resource_type = ${resource_type}`]),
    ...(resource_id === undefined ? [] : [sql`t.resource_id = ${resource_id}`]),
  ]
}

/** A copy without prototypes, as Prisma's JSON input wants it. */
function json(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object
}
