import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common'
import { newId, type Actor } from '#kernel'
import { Config, currentContext, forTenant, Jobs, openContext } from '#platform'
import type { Answer } from './answer.ts'
import { DecisionRecordsRepository, type DecisionRow } from './decision-records.repository.ts'
import type { Question } from './question.ts'

const flushMs = 200
const batch = 200
const mostWaiting = 10_000
/** Of the decisions that make one list. */
const mostOfMany = 20
const hour = 3_600_000

/**
 * Decisions as they were made, for simulations and for who asks later. They are written behind the decision's back, in
 * batches; when they come faster than the database takes them the newest are dropped, and the log says how many.
 */
@Injectable()
export class DecisionRecords implements OnModuleInit, OnModuleDestroy {
  readonly #repository: DecisionRecordsRepository
  readonly #jobs: Jobs
  readonly #sample: number
  readonly #retentionDays: number
  readonly #logger = new Logger('DecisionRecords')
  #waiting: DecisionRow[] = []
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()
  #dropped = 0

  constructor(repository: DecisionRecordsRepository, jobs: Jobs, config: Config) {
    this.#repository = repository
    this.#jobs = jobs
    this.#sample = config.decisionSample
    this.#retentionDays = config.decisionRetentionDays
  }

  onModuleInit(): void {
    this.#jobs.register({ name: 'decision-retention', everyMs: hour, run: () => this.removeOld() })
  }

  /** `milliseconds` is how long it took. */
  add(actor: Actor, question: Question, answer: Answer, now: string, milliseconds: number): void {
    if (Math.random() < this.#sample) this.#add(row(actor, question, answer, now, milliseconds))
  }

  /** Whether one of `total` decisions that make one list is to be added: a few of them are kept. */
  takesOneOf(total: number): boolean {
    return Math.random() < mostOfMany / total
  }

  /** Of the tenant of the context, whose time is over. */
  async removeOld(): Promise<void> {
    await this.#repository.removeOld(this.#retentionDays)
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const rows = this.#waiting
    this.#waiting = []
    this.#writing = this.#writing.then(() => this.#write(rows))
    await this.#writing
  }

  async onModuleDestroy(): Promise<void> {
    await this.flush()
  }

  #add(decision: DecisionRow): void {
    if (this.#waiting.length >= mostWaiting) {
      this.#dropped++
      return
    }
    this.#waiting.push(decision)
    if (this.#timer) return
    this.#timer = setTimeout(() => void this.flush(), flushMs)
    this.#timer.unref()
  }

  async #write(rows: readonly DecisionRow[]): Promise<void> {
    if (this.#dropped > 0) this.#logger.warn(`${this.#dropped} decisions were not recorded: they came too fast`)
    this.#dropped = 0
    for (const [tenantId, own] of Map.groupBy(rows, ({ tenant_id }) => tenant_id)) {
      for (let start = 0; start < own.length; start += batch) {
        try {
          const some = own.slice(start, start + batch)
          await openContext(null, () => forTenant(tenantId, () => this.#repository.insertAll(some)))
        } catch (error) {
          this.#logger.warn(`Decisions were not recorded: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
    }
  }
}

function row(actor: Actor, question: Question, answer: Answer, now: string, milliseconds: number): DecisionRow {
  const { principal, groups, action, resource, entitlement_id = null, context } = question
  return {
    tenant_id: actor.tenantId,
    id: newId(),
    set_version: answer.set_version,
    principal_type: principal.type,
    principal_id: principal.id,
    groups: groups.map(({ id }) => id),
    action_type: action.type,
    action_id: action.id,
    resource_type: resource.type,
    resource_id: resource.id,
    entitlement_id,
    context: { time: now, ...context },
    decision: answer.decision,
    policy_ids: answer.matching_policy_ids,
    rule_ids: answer.matching_rule_ids,
    errors: answer.errors,
    reason: answer.reason,
    duration_us: Math.round(milliseconds * 1000),
    actor_type: actor.type,
    actor_id: actor.id,
    request_id: currentContext()?.requestId ?? null,
  }
}
