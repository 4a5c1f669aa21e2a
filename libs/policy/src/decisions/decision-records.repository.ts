import { Injectable } from '@nestjs/common'
import {
  all,
  Database,
  readAll,
  readOne,
  readPage,
  sql,
  type Fragment,
  type JsonText,
  type PageRequest,
} from '#platform'
import { decisionProjection } from './decisions.fields.ts'
import type { DecisionSelection, RecordedDecision } from './decisions.dto.ts'

/** A decision as it is written down. */
export interface DecisionRow {
  /** Which tenant's; the database knows it by itself. */
  readonly tenant_id: string
  readonly id: string
  readonly set_version: number
  readonly principal_type: string
  readonly principal_id: string
  readonly groups: readonly string[]
  readonly action_type: string
  readonly action_id: string
  readonly resource_type: string
  readonly resource_id: string
  readonly entitlement_id: string | null
  readonly context: object
  readonly decision: 'allow' | 'deny'
  readonly policy_ids: readonly string[]
  readonly rule_ids: readonly string[]
  readonly errors: readonly object[]
  readonly reason: string
  readonly duration_us: number
  readonly actor_type: string
  readonly actor_id: string
  readonly request_id: string | null
}

const removedAtOnce = 5000

@Injectable()
export class DecisionRecordsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(selection: DecisionSelection, page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, decisionProjection, page, matching(selection), selection)
  }

  find(id: string): Promise<RecordedDecision | null> {
    return readOne(this.#database, decisionProjection, [sql`t.id = ${id}::uuid`])
  }

  /** The latest decisions, newest first. */
  async latest(selection: DecisionSelection, limit: number): Promise<RecordedDecision[]> {
    const newest = sql`t.id in (select t.id from policy_decisions t where ${all(matching(selection))}
      order by t.created_at desc, t.id desc limit ${limit}::int)`
    const found = await readAll<RecordedDecision>(this.#database, decisionProjection, [newest])
    return found.toSorted((a, b) =>
      a.created_at < b.created_at || (a.created_at === b.created_at && a.id < b.id) ? 1 : -1,
    )
  }

  async insertAll(rows: readonly DecisionRow[]): Promise<void> {
    await this.#database.query(
      sql`insert into policy_decisions (id, set_version, principal_type, principal_id, groups, action_type, action_id,
          resource_type, resource_id, entitlement_id, context, decision, policy_ids, rule_ids, errors, reason, duration_us,
          actor_type, actor_id, request_id)
        select id, set_version, principal_type, principal_id, groups, action_type, action_id, resource_type, resource_id,
          entitlement_id, context, decision, policy_ids, rule_ids, errors, reason, duration_us, actor_type, actor_id,
          request_id
        from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id uuid, set_version int, principal_type text,
          principal_id text, groups jsonb, action_type text, action_id text, resource_type text, resource_id text,
          entitlement_id uuid, context jsonb, decision text, policy_ids uuid[], rule_ids uuid[], errors jsonb, reason text,
          duration_us int, actor_type text, actor_id text, request_id text)`.toStatement(),
    )
  }

  async removeOld(days: number): Promise<void> {
    let removed: unknown[]
    do {
      removed = await this.#database.query(
        sql`delete from policy_decisions where id in (
            select id from policy_decisions where created_at < app_now() - make_interval(days => ${days}::int)
            order by created_at limit ${removedAtOnce}::int for update skip locked)
          returning 1`.toStatement(),
      )
    } while (removed.length >= removedAtOnce)
  }
}

function matching({ principal_id, action, resource_id, decision, policy_id, from, to }: DecisionSelection): Fragment[] {
  return [
    ...(principal_id === undefined ? [] : [sql`t.principal_id = ${principal_id}`]),
    ...(action === undefined ? [] : [sql`t.action_id = ${action}`]),
    ...(resource_id === undefined ? [] : [sql`t.resource_id = ${resource_id}`]),
    ...(decision === undefined ? [] : [sql`t.decision = ${decision}`]),
    ...(policy_id === undefined ? [] : [sql`t.policy_ids @> array[${policy_id}::uuid]`]),
    ...(from === undefined ? [] : [sql`t.created_at >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql`t.created_at < ${to}::timestamptz`]),
  ]
}
