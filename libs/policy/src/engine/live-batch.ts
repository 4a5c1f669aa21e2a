import type { Entity, EntityRef } from './cedar.ts'
import { RuleIndex, type CompiledRule, type CompiledSet } from './compiled-set.ts'
import { entityKey } from './entity-limits.ts'
import { checkedEntities } from './live-entities.ts'
import { decisionOf, notEvaluated, type Outcome } from './outcome.ts'
import { pauses } from './pauses.ts'
import { Neighbourhood, referencesIn } from './references.ts'
import { Hierarchy, wordsOf } from './scopes.ts'
import type { Context, LiveBatch, LiveDecision } from './types.ts'

/** What one evaluation is asked. */
export interface Question {
  readonly principal: EntityRef
  readonly action: EntityRef
  readonly resource: EntityRef
  readonly context: Context
  readonly entities: readonly Entity[]
}

/** `whole`: Cedar checks the scope again. `anyResource`: the resource's scope was left to us. */
export type Form = 'whole' | 'anyResource'

/** Which of the rules are satisfied; null when Cedar trapped, so that nothing is known. */
export type Evaluate = (rules: readonly CompiledRule[], form: Form, question: Question) => Promise<Outcome | null>

/**
 * What batches of one principal, action and context have found, which know the same of these three: a resource that has
 * several entities is in several batches, and what they have in common is evaluated once. A set that was compiled anew
 * between two of them begins without memory: its rules are others.
 */
export class BatchMemory {
  #set: CompiledSet | null = null
  /** Of rules that do not look at the resource. */
  readonly blind = new Map<string, Outcome>()
  /** Of rules that do, for resources that they cannot tell apart. */
  readonly alike = new Map<string, Outcome>()
  readonly #numbers = new Map<string, number>()

  of(set: CompiledSet): this {
    if (this.#set !== set) {
      this.blind.clear()
      this.alike.clear()
    }
    this.#set = set
    return this
  }

  /** The same number for the same text, and for no other. */
  number(text: string): number {
    const known = this.#numbers.get(text) ?? this.#numbers.size
    if (known === this.#numbers.size) this.#numbers.set(text, known)
    return known
  }
}

/**
 * Many resources, one principal, action and context. A rule whose conditions do not look at the resource is evaluated
 * once for all; the others are evaluated once for all resources that they cannot tell apart.
 */
export class Batch {
  readonly #batch: LiveBatch
  readonly #evaluate: Evaluate
  readonly #hierarchy: Hierarchy
  readonly #neighbourhood: Neighbourhood
  readonly #starts: readonly string[]
  readonly #index: RuleIndex
  readonly #memory: BatchMemory
  readonly #around = new Map<string, number>()
  readonly #pause = pauses()

  /** @throws DomainError `invalid_body` */
  constructor(set: CompiledSet, batch: LiveBatch, evaluate: Evaluate, memory: BatchMemory) {
    const { principal, action, context } = batch
    const entities = checkedEntities(batch)
    this.#batch = batch
    this.#evaluate = evaluate
    this.#memory = memory.of(set)
    this.#hierarchy = new Hierarchy(entities)
    this.#neighbourhood = new Neighbourhood(entities)
    this.#starts = [entityKey(principal), entityKey(action), ...referencesIn(context)]
    this.#index = new RuleIndex(
      set.index.matching({
        principal: wordsOf(principal, this.#hierarchy),
        action: wordsOf(action, this.#hierarchy),
      }),
    )
  }

  async decide(): Promise<LiveDecision[]> {
    const candidates: (readonly CompiledRule[])[] = []
    const blind = new Set<CompiledRule>()
    for (const resource of this.#batch.resources) {
      await this.#pause()
      const rules = this.#index.matching({ resource: wordsOf(resource, this.#hierarchy) })
      candidates.push(rules)
      for (const rule of rules) if (!looksAtResource(rule)) blind.add(rule)
    }
    const once = await this.#once([...blind].sort((left, right) => left.index - right.index))
    const decisions: LiveDecision[] = []
    for (const [index, resource] of this.#batch.resources.entries()) {
      await this.#pause()
      decisions.push(await this.#decision(resource, candidates[index] ?? [], once))
    }
    return decisions
  }

  async #once(rules: readonly CompiledRule[]): Promise<Outcome | null> {
    const [resource] = this.#batch.resources
    if (resource === undefined || rules.length === 0) return nothing
    const key = JSON.stringify(rules.map((rule) => [rule.index, this.#surroundings(rule.references)]))
    const known = this.#memory.blind.get(key)
    if (known !== undefined) return known
    const outcome = await this.#evaluate(rules, 'anyResource', this.#question(resource, rules))
    if (outcome !== null) this.#memory.blind.set(key, outcome)
    return outcome
  }

  async #decision(resource: EntityRef, rules: readonly CompiledRule[], once: Outcome | null): Promise<LiveDecision> {
    const looking = rules.filter(looksAtResource)
    if (once === null && looking.length < rules.length) return notEvaluated()
    const own = looking.length === 0 ? nothing : await this.#own(resource, looking)
    if (own === null) return notEvaluated()
    return decisionOf(rules, {
      satisfied: { has: (rule) => own.satisfied.has(rule) || (once?.satisfied.has(rule) ?? false) },
      errors: { get: (rule) => own.errors.get(rule) ?? once?.errors.get(rule) },
    })
  }

  /** An error is not shared: its text may name the resource. */
  async #own(resource: EntityRef, rules: readonly CompiledRule[]): Promise<Outcome | null> {
    const key = this.#likeness(resource, rules)
    const known = key === null ? undefined : this.#memory.alike.get(key)
    if (known !== undefined) return known
    const outcome = await this.#evaluate(rules, 'whole', this.#question(resource, rules))
    if (key !== null && outcome !== null && rules.every((rule) => outcome.errors.get(rule) === undefined))
      this.#memory.alike.set(key, outcome)
    return outcome
  }

  #question(resource: EntityRef, rules: readonly CompiledRule[]): Question {
    const { principal, action, context } = this.#batch
    const starts = [entityKey(resource), ...this.#starts, ...rules.flatMap(({ references }) => [...references])]
    return { principal, action, resource, context, entities: this.#neighbourhood.reachable(starts) }
  }

  /** What can be come by from these entities in this batch. Another batch may know other things of the same ones. */
  #surroundings(keys: ReadonlySet<string>): number[] {
    return Array.from(keys, (key) => {
      let number = this.#around.get(key)
      if (number === undefined) {
        number = this.#memory.number(JSON.stringify(this.#neighbourhood.reachable([key])))
        this.#around.set(key, number)
      }
      return number
    })
  }

  /** The same text for two resources that the rules cannot tell apart; null when they can tell any two. */
  #likeness(resource: EntityRef, rules: readonly CompiledRule[]): string | null {
    const own = entityKey(resource)
    const entity = this.#neighbourhood.entity(own)
    const above = this.#hierarchy.upwards(own)
    const seen: unknown[] = [resource.type, entity !== undefined]
    for (const rule of rules) {
      if (rule.use === null) return null
      const { attributes, tags, ancestors } = rule.use
      seen.push(rule.index, this.#surroundings(rule.references))
      const values = [
        ...Array.from(attributes, (name) => valueIn(entity?.attrs, name)),
        ...Array.from(tags, (name) => valueIn(entity?.tags, name)),
      ]
      seen.push(values, this.#surroundings(referencesIn(values)))
      for (const key of ancestors) seen.push(above.has(key))
    }
    return JSON.stringify(seen)
  }
}

const nothing: Outcome = { satisfied: new Set(), errors: new Map() }

function looksAtResource({ use }: CompiledRule): boolean {
  return use === null || use.any
}

/** In a list, so that what is not there differs from every value. */
function valueIn(values: Readonly<Record<string, unknown>> | undefined, name: string): unknown[] {
  return values !== undefined && Object.hasOwn(values, name) ? [values[name]] : []
}
