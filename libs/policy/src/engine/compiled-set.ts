import { setImmediate } from 'node:timers/promises'
import type { PolicyJson } from './cedar.ts'
import { limits } from './limits.ts'
import { noticeOf } from './notices.ts'
import { referencesIn } from './references.ts'
import { resourceUse, type ResourceUse } from './resource-use.ts'
import { scopeOf, type RuleScope } from './scopes.ts'
import type { Effect, LiveRule, RuleNotice } from './types.ts'
import { checkDocument } from './value-limits.ts'

/** A rule made ready to be found and evaluated. */
export interface CompiledRule {
  readonly id: string
  /** Its place in the set, which is ordered by priority, ordinal and id. */
  readonly index: number
  readonly priority: number
  readonly effect: Effect
  readonly notice: RuleNotice
  readonly scope: RuleScope
  /** What Cedar evaluates: the rule as a permit, so that the answer names it whenever it is satisfied. */
  readonly whole: PolicyJson
  /** The same for any resource: its scope is ours to check, its conditions are Cedar's. */
  readonly anyResource: PolicyJson
  readonly use: ResourceUse | null
  /** Entities that its conditions name. */
  readonly references: ReadonlySet<string>
  /** Characters of its JSON. */
  readonly weight: number
  /** Why it cannot be given to Cedar; it then errors whenever its scope holds. */
  readonly fault: string | null
}

type Dimension = keyof RuleScope

/** The words of a request, by which rules are found. */
export type RequestWords = Readonly<Record<Dimension, ReadonlySet<string>>>

const dimensions: readonly Dimension[] = ['principal', 'action', 'resource']

/** Rules by the words of their scopes. */
export class RuleIndex {
  readonly #rules: readonly CompiledRule[]
  readonly #byWord: Readonly<Record<Dimension, Map<string, CompiledRule[]>>>

  constructor(rules: readonly CompiledRule[]) {
    this.#rules = rules
    this.#byWord = { principal: new Map(), action: new Map(), resource: new Map() }
    for (const rule of rules) {
      for (const dimension of dimensions) {
        for (const word of new Set(rule.scope[dimension])) {
          const list = this.#byWord[dimension].get(word)
          if (list) list.push(rule)
          else this.#byWord[dimension].set(word, [rule])
        }
      }
    }
  }

  /** Exactly the rules whose scope holds, in their order: by whichever side of the request names the fewest. */
  matching(words: Partial<RequestWords>): readonly CompiledRule[] {
    let fewest: readonly (readonly CompiledRule[])[] = [this.#rules]
    let count = this.#rules.length
    for (const dimension of dimensions) {
      const asked = words[dimension]
      if (asked === undefined) continue
      const lists = this.#lists(dimension, asked)
      const named = lists.reduce((sum, list) => sum + list.length, 0)
      if (named < count) [fewest, count] = [lists, named]
    }
    const found = new Set<CompiledRule>()
    for (const list of fewest) for (const rule of list) if (holds(rule.scope, words)) found.add(rule)
    return [...found].sort((left, right) => left.index - right.index)
  }

  #lists(dimension: Dimension, asked: ReadonlySet<string>): CompiledRule[][] {
    const byWord = this.#byWord[dimension]
    const lists: CompiledRule[][] = []
    for (const word of asked) {
      const list = byWord.get(word)
      if (list !== undefined) lists.push(list)
    }
    return lists
  }
}

function holds(scope: RuleScope, words: Partial<RequestWords>): boolean {
  return dimensions.every((dimension) => {
    const asked = words[dimension]
    return asked === undefined || scope[dimension].some((word) => asked.has(word))
  })
}

let compiled = 0

/** Rules in memory: a tenant's live set at a version, or a draft. */
export class CompiledSet {
  /** No two have the same, also not of one tenant and version: what is prepared for one never decides for another. */
  readonly number = ++compiled
  readonly tenantId: string
  readonly version: string
  readonly rules: readonly CompiledRule[]
  readonly index: RuleIndex
  /** All rules on shelves of a few dozen, for questions that concern more than one shelf takes. */
  readonly shelves: readonly (readonly CompiledRule[])[]
  readonly weight: number

  private constructor(tenantId: string, version: string, rules: readonly CompiledRule[]) {
    this.tenantId = tenantId
    this.version = version
    this.rules = rules
    this.index = new RuleIndex(rules)
    this.shelves = shelved(rules)
    this.weight = rules.reduce((sum, rule) => sum + rule.weight, 0)
  }

  /** Lets others have the thread every hundred rules. */
  static async of(tenantId: string, version: string, rules: readonly LiveRule[]): Promise<CompiledSet> {
    const ordered = [...rules].sort(
      (left, right) => right.priority - left.priority || left.ordinal - right.ordinal || (left.id < right.id ? -1 : 1),
    )
    const ready: CompiledRule[] = []
    for (const [index, rule] of ordered.entries()) {
      if (index % 100 === 99) await setImmediate()
      ready.push(compile(rule, index))
    }
    return new CompiledSet(tenantId, version, ready)
  }
}

/** What is prepared and asked at once at most: a few milliseconds of the thread. */
export const shelfRules = 64
export const shelfWeight = 64 * 1024

export function fitsShelf(rules: readonly CompiledRule[]): boolean {
  return rules.length <= shelfRules && rules.reduce((sum, { weight }) => sum + weight, 0) <= shelfWeight
}

function shelved(rules: readonly CompiledRule[]): CompiledRule[][] {
  const shelves: CompiledRule[][] = []
  let shelf: CompiledRule[] = []
  for (const rule of rules) {
    if (shelf.length > 0 && !fitsShelf([...shelf, rule])) {
      shelves.push(shelf)
      shelf = []
    }
    shelf.push(rule)
  }
  return shelf.length > 0 ? [...shelves, shelf] : shelves
}

function compile({ id, priority, json }: LiveRule, index: number): CompiledRule {
  const whole: PolicyJson = {
    effect: 'permit',
    principal: json.principal,
    action: json.action,
    resource: json.resource,
    conditions: json.conditions,
  }
  const fault = faultOf(json)
  return {
    id,
    index,
    priority,
    effect: json.effect,
    notice: noticeOf(json.annotations ?? {}),
    scope: scopeOf(json),
    whole,
    anyResource: { ...whole, resource: { op: 'All' } },
    use: fault === null ? resourceUse(json) : null,
    references: fault === null ? referencesIn(json.conditions) : new Set(),
    weight: fault === null ? JSON.stringify(whole).length : 0,
    fault,
  }
}

/** A rule is within the limits when it is saved; one that is not, for whatever reason, must not reach Cedar. */
function faultOf(json: PolicyJson): string | null {
  try {
    checkDocument(json, 'rule')
    if (json.conditions.length > limits.clauses) return `the rule has more than ${limits.clauses} clauses`
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
