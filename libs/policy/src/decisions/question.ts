import { DomainError, parseId, type Actor } from '#kernel'
import type { CedarValue, Entity, EntityRef } from '../engine/cedar.ts'
import type { LiveRequest } from '../engine/types.ts'
import type { SchemaTypes } from '../schema/schema-types.ts'
import { EntityMaker } from './entities.ts'
import type { EntitlementFacts, Facts, FactsWanted, GroupFacts } from './facts.repository.ts'
import { readGroup, resourceType } from './references.ts'

/** May this principal do this with that? */
export interface Question {
  readonly principal: EntityRef
  /** Groups of the principal besides those that the directory knows. */
  readonly groups: readonly EntityRef[]
  readonly action: EntityRef
  readonly resource: EntityRef
  /** Of the entitlements on the resource, the one that is meant. */
  readonly entitlement_id?: string | null
  readonly context: Readonly<Record<string, unknown>>
}

/** The groups that the credential of a signed-in person vouches for. */
export function groupsOfActor({ groups = [] }: Actor): EntityRef[] {
  return groups.map((group) => readGroup({ type: 'Group', id: group }))
}

/** A question in Cedar's words. */
export interface Request extends LiveRequest {
  /** What the resource was asked for by, if one entitlement it was. */
  readonly entitlement_id: string | null
}

export function wantedFor({ principal, groups, resource, entitlement_id = null }: Question): FactsWanted {
  const idOf = ({ type, id }: EntityRef, of: string): string | null => (type === of ? parseId(id) : null)
  const aws = resource.type.startsWith('Aws') ? resourceType(resource.type) : null
  return {
    person_id: idOf(principal, 'User'),
    groups: groups.filter(({ type }) => type === 'Group').map(({ id }) => id),
    entitlement_id: entitlement_id ?? idOf(resource, 'Entitlement'),
    resource_type: aws,
    resource_id: aws && resource.id,
    profile_id: idOf(resource, 'AccessProfile'),
    source_id: idOf(resource, 'Source'),
  }
}

/** The question with everything that the facts tell of it, as Cedar wants it. */
export function requestOf(question: Question, facts: Facts, types: SchemaTypes): Request {
  const maker = new EntityMaker(types)
  const groups = groupsOf(question, facts)
  const { uid, entities, entitlement_id } = resourceOf(question, facts, maker)
  const principal = facts.person ? maker.person(facts.person, groups) : maker.stranger(question.principal, groups)
  return {
    principal: question.principal,
    action: question.action,
    resource: uid,
    entitlement_id,
    context: contextOf(question, facts.now, types),
    entities: distinct([...principal, ...entities]),
  }
}

/** A group that the directory knows under its name is that one; any other is what it was called. */
export function groupsOf({ groups }: Pick<Question, 'groups'>, facts: Facts): GroupFacts[] {
  const known = new Set(facts.groups.flatMap(({ id, name }) => [id, name]))
  const others = groups.filter(({ type, id }) => type === 'Group' && !known.has(id))
  return [...facts.groups, ...others.map(({ id }) => ({ id, name: id }))]
}

function resourceOf(
  question: Question,
  facts: Facts,
  maker: EntityMaker,
): { uid: EntityRef; entities: Entity[]; entitlement_id: string | null } {
  const { resource } = question
  const { entitlements, profile, source } = facts
  if (profile) return { uid: resource, entities: [maker.profile(profile)], entitlement_id: null }
  if (source) return { uid: resource, entities: [maker.source(source)], entitlement_id: null }
  const meant = meantBy(question, entitlements)
  if (meant) return { ...maker.target(meant), entitlement_id: meant.id }
  const sources = entitlements.map((each) => each.source)
  return { uid: resource, entities: maker.resource(resource, sources), entitlement_id: null }
}

/** The entitlement that the question names, or else the only one that it can mean. */
function meantBy(
  { entitlement_id, context }: Question,
  entitlements: readonly EntitlementFacts[],
): EntitlementFacts | null {
  const named = entitlements.find(({ id }) => id === entitlement_id)
  if (named) return named
  const asked = context['requested_action']
  const [only, ...others] = asked === undefined ? entitlements : entitlements.filter(({ action }) => action === asked)
  return only && others.length === 0 ? only : null
}

/** The context as the schema declares it; `time` is the database's unless the question says another one. */
export function contextOf({ action, context }: Question, now: string, types: SchemaTypes): Record<string, CedarValue> {
  const declared = types.contextOf(action.type, action.id) ?? {}
  const given = Object.entries(context).filter(([, value]) => value !== null && value !== undefined)
  const read = given.map(([name, value]) => {
    const type = Object.hasOwn(declared, name) ? declared[name] : undefined
    const fitting = type ? types.read(value, type) : (value as CedarValue)
    if (fitting === undefined) {
      const declaration = type && types.describe(type)
      const message = `context.${name} does not fit the schema, which declares it as ${declaration}`
      throw new DomainError('invalid_body', message, { fields: [{ field: `context.${name}`, message }] })
    }
    return [name, fitting] as const
  })
  return { time: { __extn: { fn: 'datetime', arg: now } }, ...Object.fromEntries(read) }
}

/** Each entity once: two ways to it tell the same of it. */
export function distinct(entities: readonly Entity[]): Entity[] {
  const byUid = new Map(entities.map((entity) => [JSON.stringify(entity.uid), entity]))
  return [...byUid.values()]
}
