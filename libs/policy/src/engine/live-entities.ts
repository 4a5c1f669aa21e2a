import type { Entity, EntityRef } from './cedar.ts'
import { checkEntities, checkEntityRef, entityKey, refOf } from './entity-limits.ts'
import { invalid } from './limit-errors.ts'
import type { LiveRequest } from './types.ts'
import { checkValue } from './value-limits.ts'

/**
 * The entities of a live question, checked, the groups among the principal's parents. Stricter than Cedar: scopes are
 * matched here by types and ids as they are written, so nothing may be written in two ways.
 * @throws DomainError `invalid_body`
 */
export function checkedEntities(request: Omit<LiveRequest, 'resource'>): readonly Entity[] {
  const { principal, groups = [], action, context, entities } = request
  checkEntityRef(principal, 'principal')
  checkEntityRef(action, 'action')
  for (const [index, group] of groups.entries()) checkEntityRef(group, `groups.${index}`)
  checkValue(context, 'context', 'liveString')
  checkShape(entities)
  const joined = groups.length === 0 ? entities : joinedBy(entities, principal, groups)
  checkEntities(joined, 'entities', 'liveString')
  return joined
}

function checkShape(entities: readonly Entity[]): void {
  const seen = new Set<string>()
  for (const [index, entity] of entities.entries()) {
    const field = `entities.${index}`
    const key = checkUid(entity.uid, `${field}.uid`)
    if (seen.has(key)) throw invalid(field, 'stands twice in the entities')
    seen.add(key)
    if (!Array.isArray(entity.parents)) throw invalid(`${field}.parents`, 'must be a list of {"type", "id"}')
    for (const [place, parent] of entity.parents.entries()) checkUid(parent, `${field}.parents.${place}`)
  }
}

function checkUid(uid: unknown, field: string): string {
  const ref = refOf(uid)
  if (ref === null) throw invalid(field, 'must be {"type", "id"}, both of them text')
  checkEntityRef(ref, field)
  return entityKey(ref)
}

function joinedBy(entities: readonly Entity[], principal: EntityRef, groups: readonly EntityRef[]): Entity[] {
  const own = entityKey(principal)
  const others: Entity[] = []
  let known: Entity = { uid: principal, attrs: {}, parents: [] }
  for (const entity of entities) {
    const ref = refOf(entity.uid)
    if (ref !== null && entityKey(ref) === own) known = entity
    else others.push(entity)
  }
  return [{ ...known, parents: [...known.parents, ...groups] }, ...others]
}
