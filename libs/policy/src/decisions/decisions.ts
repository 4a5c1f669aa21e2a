import { Injectable } from '@nestjs/common'
import { DomainError, type Actor } from '#kernel'
import type { EntityRef } from '../engine/cedar.ts'
import { PolicyEngine } from '../engine/policy-engine.ts'
import type { LiveRequest, LiveRule, LiveSet } from '../engine/types.ts'
import { PolicySetsRepository, type PolicySet } from '../policy-sets.repository.ts'
import { TenantSchemas } from '../schema/tenant-schemas.ts'
import { answerOf, type Answer } from './answer.ts'
import { DecisionRecords } from './decision-records.ts'
import { distinct, contextOf, requestOf, wantedFor, type Question } from './question.ts'
import { EntityMaker } from './entities.ts'
import { FactsRepository, type EntitlementFacts } from './facts.repository.ts'

/** A question whose answer could not be found: what it says does not fit the schema, or cannot be said in Cedar. */
export interface Unanswered {
  readonly error: DomainError
}

/** What a signed-in person asks of the policies. */
export type OwnQuestion = Pick<Question, 'action' | 'resource'> & Partial<Pick<Question, 'context' | 'groups'>>

/**
 * What the tenant's policies decide. The version of the set is read together with the facts of each question, so a saved
 * policy decides from the moment its transaction ends, in every process.
 */
@Injectable()
export class Decisions {
  readonly #engine: PolicyEngine
  readonly #facts: FactsRepository
  readonly #sets: PolicySetsRepository
  readonly #schemas: TenantSchemas
  readonly #records: DecisionRecords

  constructor(
    engine: PolicyEngine,
    facts: FactsRepository,
    sets: PolicySetsRepository,
    schemas: TenantSchemas,
    records: DecisionRecords,
  ) {
    this.#engine = engine
    this.#facts = facts
    this.#sets = sets
    this.#schemas = schemas
    this.#records = records
  }

  /** May the actor's person do this with that? Denied unless a rule permits. @throws DomainError `forbidden` for no person */
  async decide(actor: Actor, { action, resource, context = {}, groups = [] }: OwnQuestion): Promise<Answer> {
    if (actor.identityId === null) throw new DomainError('forbidden', 'The credential stands for no person')
    const principal = { type: 'User', id: actor.identityId }
    const [answer] = await this.answer(actor, [{ principal, groups, action, resource, context }])
    if (!answer || 'error' in answer) throw answer?.error ?? new Error('One question has one answer')
    return answer
  }

  /** The answers of several questions, in their order. */
  async answer(actor: Actor, questions: readonly Question[]): Promise<(Answer | Unanswered)[]> {
    const facts = await this.#facts.read(questions.map(wantedFor))
    const [first] = facts
    if (!first) return []
    const { types } = await this.#schemas.of(actor.tenantId, first)
    const set = this.#live(actor, first)
    return Promise.all(
      questions.map(async (question, index) => {
        const started = performance.now()
        try {
          const request = requestOf(question, facts[index] ?? first, types)
          const answer = answerOf(await this.#engine.decide(set, request), first.version)
          this.#records.add(
            actor,
            { ...question, resource: request.resource },
            answer,
            first.now,
            performance.now() - started,
          )
          return answer
        } catch (error) {
          if (error instanceof DomainError && error.code === 'invalid_body') return { error }
          throw error
        }
      }),
    )
  }

  /**
   * With which of many entitlements the person of the actor may do this. Each is asked for as the resource it is on;
   * entitlements on one resource are asked for one after the other, since each makes another resource of it.
   */
  async permitted(
    actor: Actor,
    actionId: string,
    entitlements: readonly EntitlementFacts[],
  ): Promise<Set<EntitlementFacts>> {
    if (actor.identityId === null) throw new DomainError('forbidden', 'The credential stands for no person')
    const permitted = new Set<EntitlementFacts>()
    if (entitlements.length === 0) return permitted
    const [principal, action] = [
      { type: 'User', id: actor.identityId },
      { type: 'Action', id: actionId },
    ]
    const asked = { principal, groups: [], action, context: {} }
    const [facts] = await this.#facts.read([wantedFor({ ...asked, resource: principal })])
    if (!facts) return permitted
    const { types } = await this.#schemas.of(actor.tenantId, facts)
    const maker = new EntityMaker(types)
    const person = facts.person ? maker.person(facts.person, []) : maker.stranger(principal, [])
    const targets = entitlements.map((entitlement) => ({ entitlement, ...maker.target(entitlement) }))
    for (const round of rounds(targets)) {
      const question = { ...asked, context: round.action === null ? {} : { requested_action: round.action } }
      const started = performance.now()
      const decisions = await this.#engine.decideMany(this.#live(actor, facts), {
        principal,
        action,
        resources: round.targets.map(({ uid }) => uid),
        context: contextOf({ ...question, resource: principal }, facts.now, types),
        entities: distinct([...person, ...round.targets.flatMap((target) => target.entities)]),
      })
      const milliseconds = (performance.now() - started) / round.targets.length
      for (const [index, { entitlement, uid: resource }] of round.targets.entries()) {
        const decision = decisions[index]
        if (!decision) continue
        if (decision.permitted) permitted.add(entitlement)
        if (this.#records.takesOneOf(entitlements.length))
          this.#records.add(
            actor,
            { ...question, resource },
            answerOf(decision, facts.version),
            facts.now,
            milliseconds,
          )
      }
    }
    return permitted
  }

  /** The questions as the engine takes them, from the facts of this moment; with the set's version and schema. */
  async requests(tenantId: string, questions: readonly Question[]): Promise<(LiveRequest | Unanswered)[]> {
    const facts = await this.#facts.read(questions.map(wantedFor))
    const [first] = facts
    if (!first) return []
    const { types } = await this.#schemas.of(tenantId, first)
    return questions.map((question, index) => {
      try {
        return requestOf(question, facts[index] ?? first, types)
      } catch (error) {
        if (error instanceof DomainError && error.code === 'invalid_body') return { error }
        throw error
      }
    })
  }

  /** What rules that are not (or not yet) the live ones would decide. They have been checked: `PolicyEngine.validate`. */
  async ofRules(setId: string, rules: readonly LiveRule[], requests: readonly LiveRequest[]): Promise<Answer[]> {
    const set: LiveSet = { tenantId: setId, version: 0, load: () => Promise.resolve(rules) }
    return Promise.all(requests.map(async (request) => answerOf(await this.#engine.decide(set, request), 0)))
  }

  #live(actor: Actor, { version }: PolicySet): LiveSet {
    return { tenantId: actor.tenantId, version, load: () => this.#sets.liveRules() }
  }
}

interface Target {
  readonly entitlement: EntitlementFacts
  readonly uid: EntityRef
}

/** Targets of one action, no resource twice. */
function rounds<T extends Target>(targets: readonly T[]): { action: string | null; targets: T[] }[] {
  const times = new Map<string, number>()
  const found = Map.groupBy(targets, ({ entitlement: { action }, uid }) => {
    const key = JSON.stringify([action, uid])
    const time = (times.get(key) ?? 0) + 1
    times.set(key, time)
    return JSON.stringify([action, time])
  })
  return [...found.values()].map((each) => ({ action: each[0]?.entitlement.action ?? null, targets: each }))
}
