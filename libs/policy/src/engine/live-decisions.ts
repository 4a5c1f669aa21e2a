import { checkEntityRef } from './entity-limits.ts'
import { fitsShelf, type CompiledRule, type CompiledSet } from './compiled-set.ts'
import { CedarTrap, type Cedar } from './instance.ts'
import { invalid } from './limit-errors.ts'
import { Batch, BatchMemory, type Evaluate, type Form, type Question } from './live-batch.ts'
import { checkedEntities } from './live-entities.ts'
import { decisionOf, notEvaluated, type Outcome } from './outcome.ts'
import { pauses } from './pauses.ts'
import { PreparedSets, SetRefused } from './prepared-sets.ts'
import { Hierarchy, wordsOf } from './scopes.ts'
import type { LiveBatch, LiveDecision, LiveRequest } from './types.ts'

/**
 * Decisions of compiled sets by the Cedar of this thread. Cedar is asked which of the candidate rules are satisfied;
 * `decisionOf` makes the decision of it.
 */
export class LiveDecisions {
  readonly #cedar: Cedar
  readonly #prepared: PreparedSets
  readonly #trapped: (set: CompiledSet, trap: CedarTrap) => void

  /** @param trapped is told of a set whose evaluation cost the instance */
  constructor(cedar: Cedar, trapped: (set: CompiledSet, trap: CedarTrap) => void, prepared = new PreparedSets(cedar)) {
    this.#cedar = cedar
    this.#trapped = trapped
    this.#prepared = prepared
  }

  /** @throws DomainError `invalid_body` for a request beyond the limits, or one that Cedar cannot read */
  async decide(set: CompiledSet, request: LiveRequest): Promise<LiveDecision> {
    const { principal, action, resource, context } = request
    checkEntityRef(resource, 'resource')
    const entities = checkedEntities(request)
    const hierarchy = new Hierarchy(entities)
    const rules = set.index.matching({
      principal: wordsOf(principal, hierarchy),
      action: wordsOf(action, hierarchy),
      resource: wordsOf(resource, hierarchy),
    })
    const outcome = await this.#evaluate(set, rules, 'whole', { principal, action, resource, context, entities })
    return outcome === null ? notEvaluated() : decisionOf(rules, outcome)
  }

  /** The decisions of `decide`, in the order of the resources. @throws DomainError as `decide` */
  async decideMany(set: CompiledSet, batch: LiveBatch, memory = new BatchMemory()): Promise<LiveDecision[]> {
    for (const [index, resource] of batch.resources.entries()) checkEntityRef(resource, `resources.${index}`)
    const evaluate: Evaluate = (rules, form, question) => this.#evaluate(set, rules, form, question)
    return new Batch(set, batch, evaluate, memory).decide()
  }

  async #evaluate(
    set: CompiledSet,
    rules: readonly CompiledRule[],
    form: Form,
    question: Question,
  ): Promise<Outcome | null> {
    const found: Found = { satisfied: new Set(), errors: new Map() }
    for (const rule of rules) if (rule.fault !== null) found.errors.set(rule, rule.fault)
    const pause = pauses()
    try {
      for (const shelf of shelvesFor(set, rules)) {
        await pause()
        this.#ask(set, shelf, form, question, found)
      }
      return found
    } catch (error) {
      if (!(error instanceof CedarTrap)) throw error
      this.#trapped(set, error)
      return null
    }
  }

  #ask(set: CompiledSet, shelf: readonly CompiledRule[], form: Form, question: Question, found: Found): void {
    try {
      const preparedPolicySetId = this.#nameOf(set, shelf, form)
      const { context, entities } = question
      const answer = this.#cedar.call((api) =>
        api.statefulIsAuthorized({
          ...question,
          context: { ...context },
          entities: [...entities],
          preparsedPolicySetId: preparedPolicySetId,
        }),
      )
      if (answer.type === 'failure') throw invalid('request', answer.errors.map(({ message }) => message).join('; '))
      const { reason, errors } = answer.response.diagnostics
      for (const index of reason) found.satisfied.add(ruleAt(set, index))
      for (const { policyId, error } of errors) found.errors.set(ruleAt(set, policyId), error.message)
    } catch (error) {
      if (!(error instanceof SetRefused)) throw error
      for (const rule of shelf) found.errors.set(rule, error.message)
    }
  }

  #nameOf(set: CompiledSet, shelf: readonly CompiledRule[], form: Form): string {
    const key = `${set.number} ${form} ${shelf.map(({ index }) => index).join(' ')}`
    const weigh = (): number => shelf.reduce((sum, rule) => sum + rule.weight, 0)
    return this.#prepared.name(key, weigh, () => ({
      staticPolicies: Object.fromEntries(shelf.map((rule) => [rule.index, rule[form]])),
    }))
  }
}

interface Found {
  readonly satisfied: Set<CompiledRule>
  readonly errors: Map<CompiledRule, string>
}

function ruleAt({ rules }: CompiledSet, index: string): CompiledRule {
  const rule = rules[Number(index)]
  if (rule === undefined) throw new Error(`Cedar names a rule that it was not given: ${index}`)
  return rule
}

/** The rules themselves when they are few; otherwise the set's shelves that hold them, which serve other questions too. */
function shelvesFor(set: CompiledSet, rules: readonly CompiledRule[]): readonly (readonly CompiledRule[])[] {
  const sound = rules.filter(({ fault }) => fault === null)
  if (sound.length === 0) return []
  if (fitsShelf(sound)) return [sound]
  const wanted = new Set(sound)
  return set.shelves
    .map((shelf) => shelf.filter(({ fault }) => fault === null))
    .filter((shelf) => shelf.some((rule) => wanted.has(rule)))
}
