import { Injectable } from '@nestjs/common'
import { parseId } from '#kernel'
import { Database, raw, readOne, readPage, sql, type JsonText, type PageRequest } from '#platform'
import type { AuditBreak, AuditEntryView, AuditLogQuery, AuditVerification } from './audit-log.dto.ts'
import { auditEntries, latestFirst, latestFirstByTime } from './audit-log.fields.ts'

const hour = 3_600_000

@Injectable()
export class AuditLogRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(query: Selection, page: PageRequest): Promise<JsonText> {
    const { from, to, actor_id, resource_type, resource_id, action } = query
    const exact = Object.entries({ actor_id: idOf(actor_id), resource_type, resource_id: idOf(resource_id), action })
    const conditions = [
      ...exact.flatMap(([name, value]) => (value === undefined ? [] : [sql`t.${raw(name)} = ${value}`])),
      ...(from === undefined ? [] : [sql`t.created_at >= ${from}::timestamptz`]),
      ...(to === undefined ? [] : [sql`t.created_at < ${to}::timestamptz`]),
    ]
    return readPage(
      this.#database,
      auditEntries,
      page,
      conditions,
      { from, to, ...Object.fromEntries(exact) },
      from === undefined && to === undefined ? latestFirst : latestFirstByTime,
    )
  }

  find(id: string): Promise<AuditEntryView | null> {
    return readOne<AuditEntryView>(this.#database, auditEntries, [sql`t.id = ${id}::uuid`])
  }

  /** Recomputes every hash, in one scan of the chain, however long that takes. */
  async verify(): Promise<AuditVerification> {
    const [row] = await this.#database.transaction(
      async () => {
        await this.#database.query(raw(`select set_config('statement_timeout', '0', true)`).toStatement())
        return this.#database.query<Verified>(raw(verification).toStatement())
      },
      { timeout: hour },
    )
    const { entries = 0, head = '', break_seq = null, break_reason = null } = row ?? {}
    const first_break = break_seq === null || break_reason === null ? null : { seq: break_seq, reason: break_reason }
    return { valid: first_break === null, entries, head: head ?? '', first_break }
  }
}

/** A uuid as it is stored, in whichever form it was given; any other text as it is. */
function idOf(text: string | undefined): string | undefined {
  return text && (parseId(text) ?? text)
}

type Selection = Pick<AuditLogQuery, 'from' | 'to' | 'actor_id' | 'resource_type' | 'resource_id' | 'action'>

interface Verified {
  entries: number
  head: string | null
  break_seq: number | null
  break_reason: AuditBreak['reason'] | null
}

const verification = `
  with head as (select seq, hash from audit_heads),
  links as (
    select a.seq, row_number() over w as place, a.prev_hash, a.hash, audit_hash(a.prev_hash, a) as computed,
      coalesce(lag(a.hash) over w, decode(repeat('00', 32), 'hex')) as before
    from audit_log a window w as (order by a.seq)
  ),
  breaks as (
    select place as seq, 'missing' as reason, 1 as rank from links where seq <> place
    union all select seq, 'altered', 2 from links where hash <> computed
    union all select seq, 'broken_link', 3 from links where prev_hash <> before
    union all
    select coalesce((select max(seq) from links), 0) + 1, 'truncated', 4 from head
    where head.seq > coalesce((select max(seq) from links), 0)
    union all
    select head.seq, 'altered', 5 from head join links on links.seq = head.seq where links.hash <> head.hash
    union all
    select max(links.seq), 'altered', 6 from links having max(links.seq) > coalesce((select seq from head), 0)
  ),
  first as (select seq, reason from breaks order by seq, rank limit 1)
  select (select count(*)::int from links) as entries, (select encode(hash, 'hex') from head) as head,
    (select seq::int from first) as break_seq, (select reason from first) as break_reason`
