import { Injectable } from '@nestjs/common'
import { DomainError, type Actor } from '#kernel'
import { inTurn } from '../engine/pauses.ts'
import { PolicyEngine } from '../engine/policy-engine.ts'
import type { LiveRequest, LiveRule, LiveSet } from '../engine/types.ts'
import { PolicySetsRepository, type PolicySet } from '../policy-sets.repository.ts'
import { TenantSchemas } from '../schema/tenant-schemas.ts'
import { answerOf, type Answer } from './answer.ts'
import { DecisionRecords } from './decision-records.ts'
import { groupsOfActor, requestOf, wantedFor, type Question } from './question.ts'
import { FactsRepository } from './facts.repository.ts'

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
    const asked = { principal, groups: [...groupsOfActor(actor), ...groups], action, resource, context }
    const [answer] = await this.answer(actor, [asked])
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
    return inTurn(questions, (question, index) =>
      orUnanswered(async () => {
        const started = performance.now()
        const request = requestOf(question, facts[index] ?? first, types)
        const answer = answerOf(await this.#engine.decide(set, request), first.version)
        const milliseconds = performance.now() - started
        const { resource, entitlement_id } = request
        this.#records.add(actor, { ...question, resource, entitlement_id }, answer, first.now, milliseconds)
        return answer
      }),
    )
  }

  /** The questions as the engine takes them, from the facts of this moment; with the set's version and schema. */
  async requests(tenantId: string, questions: readonly Question[]): Promise<(LiveRequest | Unanswered)[]> {
    const facts = await this.#facts.read(questions.map(wantedFor))
    const [first] = facts
    if (!first) return []
    const { types } = await this.#schemas.of(tenantId, first)
    return inTurn(questions, (question, index) =>
      orUnanswered(async () => requestOf(question, facts[index] ?? first, types)),
    )
  }

  /** What rules that are not (or not yet) the live ones would decide. They have been checked: `PolicyEngine.validate`. */
  async ofRules(
    tenantId: string,
    rules: readonly LiveRule[],
    requests: readonly (LiveRequest | Unanswered)[],
  ): Promise<(Answer | Unanswered)[]> {
    const decide = await this.#engine.draft(tenantId, rules)
    return inTurn(requests, async (request) =>
      'error' in request ? request : orUnanswered(async () => answerOf(await decide(request), 0)),
    )
  }

  #live(actor: Actor, { version }: PolicySet): LiveSet {
    return { tenantId: actor.tenantId, version, load: () => this.#sets.liveRules() }
  }
}

/** What is wrong with one question is its answer; anything else is thrown. */
async function orUnanswered<T>(work: () => Promise<T>): Promise<T | Unanswered> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid_body') return { error }
    throw error
  }
}
