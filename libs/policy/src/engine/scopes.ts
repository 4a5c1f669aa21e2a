import type { Entity, EntityRef, PolicyJson } from './cedar.ts'
import { entityKey, refOf } from './entity-limits.ts'

/*
 * A rule's scope and a request, as sets of words: the scope holds where the two have a word in common.
 *
 *     any          *                       every entity says it
 *     ==  e        = key                   e says it
 *     in  e        ^ key                   e and all below it say it
 *     is  T        : type                  entities of the type say it
 *     is T in e    : type ^ key            those of the type, e and below it
 */

/** The words of one side of a rule; of several (`action in [a, b]`) one is enough. */
export type ScopeWords = readonly string[]

export interface RuleScope {
  readonly principal: ScopeWords
  readonly action: ScopeWords
  readonly resource: ScopeWords
}

export function scopeOf({ principal, action, resource }: PolicyJson): RuleScope {
  return { principal: entityWords(principal), action: actionWords(action), resource: entityWords(resource) }
}

function entityWords(scope: PolicyJson['principal']): ScopeWords {
  if (scope.op === 'All') return ['*']
  if (scope.op === '==' && 'entity' in scope) return [`=${keyOf(scope.entity)}`]
  if (scope.op === 'in' && 'entity' in scope) return [`^${keyOf(scope.entity)}`]
  if (scope.op === 'is' && scope.in === undefined) return [`:${scope.entity_type}`]
  if (scope.op === 'is' && scope.in !== undefined && 'entity' in scope.in)
    return [`:${scope.entity_type}^${keyOf(scope.in.entity)}`]
  throw new Error('a template is no rule before it is linked')
}

function actionWords(scope: PolicyJson['action']): ScopeWords {
  if (scope.op === 'All') return ['*']
  if (scope.op === '==' && 'entity' in scope) return [`=${keyOf(scope.entity)}`]
  if (scope.op === 'in' && 'entity' in scope) return [`^${keyOf(scope.entity)}`]
  if (scope.op === 'in' && 'entities' in scope) return scope.entities.map((entity) => `^${keyOf(entity)}`)
  throw new Error('a template has no slot for its action')
}

function keyOf(uid: unknown): string {
  const ref = refOf(uid)
  if (ref === null) throw new Error('Cedar writes an entity in another way')
  return entityKey(ref)
}

/** What an entity says for itself, given all that stands above it. */
export function wordsOf(ref: EntityRef, hierarchy: Hierarchy): ReadonlySet<string> {
  const words = new Set(['*', `=${entityKey(ref)}`, `:${ref.type}`])
  for (const key of hierarchy.upwards(entityKey(ref))) {
    words.add(`^${key}`)
    words.add(`:${ref.type}^${key}`)
  }
  return words
}

/** Who stands above whom, by the entities of a request. */
export class Hierarchy {
  readonly #parents = new Map<string, string[]>()

  constructor(entities: readonly Entity[]) {
    for (const { uid, parents } of entities) {
      if (parents.length > 0) this.#parents.set(keyOf(uid), parents.map(keyOf))
    }
  }

  /** The entity and all above it. */
  upwards(key: string): ReadonlySet<string> {
    const found = new Set([key])
    for (const each of found) for (const parent of this.#parents.get(each) ?? []) found.add(parent)
    return found
  }
}
