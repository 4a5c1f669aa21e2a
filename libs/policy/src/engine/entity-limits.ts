import type { Entity, EntityRef } from './cedar.ts'
import { beyond, invalid } from './limit-errors.ts'
import { limits } from './limits.ts'
import { checkValue } from './value-limits.ts'

const typeName = /^[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)*$/

/** One text for one entity: a type never holds a quote. */
export function entityKey({ type, id }: EntityRef): string {
  return `${type}"${id}`
}

/** @throws DomainError `invalid_body` unless it is a type name and an id */
export function checkEntityRef(ref: EntityRef, field: string): void {
  if (typeof ref?.type !== 'string' || typeof ref.id !== 'string')
    throw invalid(field, 'must be {"type", "id"}, both of them text')
  if (ref.type.length > 512 || !typeName.test(ref.type))
    throw invalid(`${field}.type`, 'must be a Cedar type, such as User or AWS::Account')
  if (ref.id.length > limits.string)
    throw beyond('string', `has more than ${limits.string} characters`, { field: `${field}.id` })
}

/**
 * Counts, sizes, and how high entities stand above one another.
 * What an entity must look like is Cedar's to judge.
 * @throws DomainError `invalid_body`
 */
export function checkEntities(
  entities: readonly unknown[],
  field: string,
  string: 'string' | 'liveString' = 'string',
): void {
  if (!Array.isArray(entities)) throw invalid(field, 'must be a list of entities in Cedar JSON')
  if (entities.length > limits.entities)
    throw beyond('entities', `has more than ${limits.entities} entities`, { field })
  let values = 0
  for (const [index, entity] of entities.entries()) {
    const where = `${field}.${index}`
    if (typeof entity !== 'object' || entity === null || Array.isArray(entity))
      throw invalid(where, 'must be an entity: {"uid", "attrs", "parents"}')
    for (const [name, value] of Object.entries(entity))
      values +=
        name === 'parents' ? checkParents(value, `${where}.parents`) : checkValue(value, `${where}.${name}`, string)
    if (values > limits.values) throw beyond('values', `holds more than ${limits.values} values`, { field })
  }
  // Fewer cannot stand that high; whether they stand in a circle Cedar finds out.
  if (entities.length > limits.ancestors) checkHeight(entities as readonly Entity[], field)
}

function checkParents(parents: unknown, field: string): number {
  if (!Array.isArray(parents)) return 0
  if (parents.length > limits.parents) throw beyond('parents', `has more than ${limits.parents} parents`, { field })
  for (let index = 0; index < parents.length; index++) checkValue(parents[index], `${field}.${index}`)
  return parents.length
}

/** Takes away, layer by layer, what has nothing below it; as many layers as the longest chain has links. */
function checkHeight(entities: readonly Entity[], field: string): void {
  const parents = new Map<string, string[]>()
  const below = new Map<string, number>()
  for (const { uid, parents: above } of entities) {
    const keys = Array.isArray(above) ? above.flatMap(keyOf) : []
    const [own] = keyOf(uid)
    if (own === undefined) continue
    parents.set(own, [...(parents.get(own) ?? []), ...keys])
    for (const key of keys) below.set(key, (below.get(key) ?? 0) + 1)
  }
  let layer = [...new Set([...parents.keys(), ...below.keys()])].filter((key) => !below.has(key))
  for (let height = 0; layer.length > 0; height++) {
    if (height > limits.ancestors)
      throw beyond('ancestors', `entities stand more than ${limits.ancestors} above one another`, { field })
    const next: string[] = []
    for (const key of layer) {
      for (const parent of parents.get(key) ?? []) {
        const left = (below.get(parent) ?? 0) - 1
        below.set(parent, left)
        if (left === 0) next.push(parent)
      }
    }
    layer = next
  }
  if ([...below.values()].some((left) => left > 0)) throw invalid(field, 'an entity is its own ancestor')
}

/** The entity of `{"type", "id"}` or `{"__entity": {…}}`; nothing for what is neither. */
function keyOf(uid: unknown): string[] {
  const ref = refOf(uid)
  return ref === null ? [] : [entityKey(ref)]
}

export function refOf(uid: unknown): EntityRef | null {
  if (typeof uid !== 'object' || uid === null) return null
  const inner = '__entity' in uid ? uid.__entity : uid
  if (typeof inner !== 'object' || inner === null || !('type' in inner) || !('id' in inner)) return null
  return typeof inner.type === 'string' && typeof inner.id === 'string' ? { type: inner.type, id: inner.id } : null
}
