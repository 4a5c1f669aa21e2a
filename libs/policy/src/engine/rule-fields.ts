import type { EntityRef, PolicyJson } from './cedar.ts'
import { checkEntityRef, refOf } from './entity-limits.ts'
import { invalid } from './limit-errors.ts'
import { limits } from './limits.ts'
import type { ActionScope, EntityScope, RuleFields } from './types.ts'

/*
 * Rule fields and Cedar's JSON, each made of the other. Conditions stay out: only Cedar turns their text into JSON and back.
 */

type Scope = PolicyJson['principal']
type Slotted = '?principal' | '?resource'

/** The rule's JSON without its conditions. @throws DomainError `invalid_body` naming the field */
export function jsonOf(fields: RuleFields): PolicyJson {
  if (fields.effect !== 'permit' && fields.effect !== 'forbid') throw invalid('effect', 'must be permit or forbid')
  return {
    effect: fields.effect,
    principal: entityScopeJson(fields.principal, 'principal'),
    action: actionScopeJson(fields.action),
    resource: entityScopeJson(fields.resource, 'resource'),
    conditions: [],
    annotations: annotationsJson(fields.annotations),
  }
}

/** @param conditions as Cedar writes those of `json` */
export function fieldsOf(json: PolicyJson, conditions: string): RuleFields {
  return {
    effect: json.effect,
    principal: entityScopeOf(json.principal),
    action: actionScopeOf(json.action),
    resource: entityScopeOf(json.resource),
    conditions,
    annotations: Object.fromEntries(Object.entries(json.annotations ?? {}).map(([key, value]) => [key, value ?? ''])),
  }
}

/* ---- Principal and resource ---- */

function entityScopeJson(scope: EntityScope, field: 'principal' | 'resource'): Scope {
  const { scope_type: kind, entity_type: type, entity_id: id, in_type: inType, in_id: inId } = scope
  if (kind === 'any') return { op: 'All' }
  if (kind === 'eq') return { op: '==', ...target(type, id, field, 'entity') }
  if (kind === 'in') return { op: 'in', ...target(type, id, field, 'entity') }
  if (kind === 'is') return { op: 'is', entity_type: typeName(type, `${field}.entity_type`) }
  if (kind === 'is_in')
    return {
      op: 'is',
      entity_type: typeName(type, `${field}.entity_type`),
      in: target(inType, inId, field, 'in'),
    }
  throw invalid(`${field}.scope_type`, 'must be any, eq, in, is or is_in')
}

function target(
  type: string | null | undefined,
  id: string | null | undefined,
  field: 'principal' | 'resource',
  prefix: 'entity' | 'in',
): { entity: EntityRef } | { slot: Slotted } {
  if (id === `?${field}` && type != null)
    throw invalid(
      `${field}.${prefix}_type`,
      `has no place beside ?${field}, which a link fills with an entity of any type`,
    )
  if (id === `?${field}`) return { slot: `?${field}` }
  if (id == null) throw invalid(`${field}.${prefix}_id`, 'is needed for this scope')
  const ref = { type: typeName(type, `${field}.${prefix}_type`), id }
  checkEntityRef(ref, field)
  return { entity: ref }
}

function typeName(type: string | null | undefined, field: string): string {
  if (type == null) throw invalid(field, 'is needed for this scope')
  checkEntityRef({ type, id: '' }, field)
  return type
}

function entityScopeOf(scope: Scope): EntityScope {
  if (scope.op === 'All') return { scope_type: 'any' }
  if (scope.op === 'is') {
    if (scope.in === undefined) return { scope_type: 'is', entity_type: scope.entity_type }
    const { type, id } = targetOf(scope.in)
    return { scope_type: 'is_in', entity_type: scope.entity_type, in_type: type, in_id: id }
  }
  const { type, id } = targetOf(scope)
  return { scope_type: scope.op === '==' ? 'eq' : 'in', entity_type: type, entity_id: id }
}

function targetOf(scope: { slot: string } | { entity: unknown } | object): { type: string | null; id: string } {
  if ('slot' in scope && typeof scope.slot === 'string') return { type: null, id: scope.slot }
  const ref = 'entity' in scope ? refOf(scope.entity) : null
  if (ref === null) throw new Error('Cedar writes an entity in another way')
  return ref
}

/* ---- Action ---- */

const plainType = 'Action'

function actionScopeJson({ scope_type: kind, action_ids: ids = [] }: ActionScope): PolicyJson['action'] {
  if (kind === 'any') return { op: 'All' }
  if (kind !== 'eq' && kind !== 'in') throw invalid('action.scope_type', 'must be any, eq or in')
  if (ids.length > limits.elements)
    throw invalid('action.action_ids', `has more than ${limits.elements} ids`, { limit: limits.elements })
  const refs = ids.map((id, index) => actionRef(id, `action.action_ids.${index}`))
  const [first] = refs
  if (first === undefined) throw invalid('action.action_ids', 'needs an id')
  if (kind === 'in') return { op: 'in', entities: refs }
  if (refs.length > 1) throw invalid('action.action_ids', 'has one id when the scope is eq; use in for several')
  return { op: '==', entity: first }
}

function actionScopeOf(scope: PolicyJson['action']): ActionScope {
  if (scope.op === 'All') return { scope_type: 'any' }
  if ('entities' in scope) return { scope_type: 'in', action_ids: scope.entities.map(actionId) }
  if (!('entity' in scope)) throw new Error('an action is no slot')
  return { scope_type: scope.op === '==' ? 'eq' : 'in', action_ids: [actionId(scope.entity)] }
}

/** `Type::"id"`, the id escaped as JSON does. */
const wholeUid = /^((?:[A-Za-z_][A-Za-z0-9_]*::)+)("(?:[^"\\]|\\.)*")$/s

/** `extend` is `Action::"extend"`; an action of another type is written whole. */
export function actionRef(id: string, field: string): EntityRef {
  const [, type, quoted] = wholeUid.exec(id) ?? []
  const ref =
    type === undefined || quoted === undefined
      ? { type: plainType, id }
      : { type: type.slice(0, -2), id: unquoted(quoted, field) }
  checkEntityRef(ref, field)
  return ref
}

/** The shortest text that `actionRef` reads as this action. */
export function actionId(uid: unknown): string {
  const ref = refOf(uid)
  if (ref === null) throw new Error('Cedar writes an entity in another way')
  return ref.type === plainType && !wholeUid.test(ref.id) ? ref.id : `${ref.type}::${JSON.stringify(ref.id)}`
}

function unquoted(text: string, field: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    throw invalid(field, 'has a quoted id that is no JSON string')
  }
}

/* ---- Annotations ---- */

function annotationsJson(annotations: Readonly<Record<string, string>>): Record<string, string> {
  for (const [key, value] of Object.entries(annotations)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) || key.length > 128)
      throw invalid(`annotations.${key.slice(0, 128)}`, 'must be named with letters, digits and _')
    if (value.length > 4096) throw invalid(`annotations.${key}`, 'has more than 4096 characters', { limit: 4096 })
  }
  return { ...annotations }
}
