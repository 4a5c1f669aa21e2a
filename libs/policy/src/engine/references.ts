import type { Entity, EntityRef } from './cedar.ts'
import { entityKey, refOf } from './entity-limits.ts'

/** Every entity that a value or an expression names, by key. */
export function referencesIn(root: unknown): Set<string> {
  const found = new Set<string>()
  const stack: unknown[] = [root]
  while (stack.length > 0) {
    const value = stack.pop()
    if (typeof value !== 'object' || value === null) continue
    const ref = '__entity' in value ? refOf(value) : null
    if (ref !== null) found.add(entityKey(ref))
    stack.push(...Object.values(value))
  }
  return found
}

/**
 * The entities that an evaluation can come by: from where it starts, by parents, attributes and tags. Cedar reaches
 * entities in no other way, so the others can be left out.
 */
export class Neighbourhood {
  readonly #entities: ReadonlyMap<string, Entity>
  readonly #next = new Map<string, readonly string[]>()

  constructor(entities: readonly Entity[]) {
    this.#entities = new Map(entities.flatMap((entity) => named(entity)))
  }

  entity(key: string): Entity | undefined {
    return this.#entities.get(key)
  }

  reachable(starts: Iterable<string>): Entity[] {
    const keys = new Set(starts)
    const found: Entity[] = []
    for (const key of keys) {
      const entity = this.#entities.get(key)
      if (entity === undefined) continue
      found.push(entity)
      for (const next of this.#neighbours(key, entity)) keys.add(next)
    }
    return found
  }

  #neighbours(key: string, { attrs, tags, parents }: Entity): readonly string[] {
    const known = this.#next.get(key)
    if (known !== undefined) return known
    const above = parents.flatMap((parent) => keyOf(parent))
    const next = [...above, ...referencesIn(attrs), ...referencesIn(tags)]
    this.#next.set(key, next)
    return next
  }
}

function named(entity: Entity): [string, Entity][] {
  return keyOf(entity.uid).map((key) => [key, entity])
}

function keyOf(uid: unknown): string[] {
  const ref: EntityRef | null = refOf(uid)
  return ref === null ? [] : [entityKey(ref)]
}
