import { DomainError } from '#kernel'
import type { AccessProfileType, AccessProfileTypeFields, OnCreateBehavior } from './access-profile-types.dto.ts'

/** What is wrong with one field of a profile or of a type. */
export interface Violation {
  readonly field: string
  readonly message: string
}

/** What a version gives, as far as the rules of a type look at it. */
export interface TypedContents {
  /** How many entitlements of its own it has. */
  readonly own: number
  /** The profiles that it inherits from, and of which type each is. */
  readonly parents: readonly { readonly id: string; readonly name: string; readonly type_id: string }[]
  /** How many entitlements it gives, inherited ones included. */
  readonly count: number
  /** The ids of the sources of what it gives, and their connectors, each once. */
  readonly sources: readonly string[]
  readonly integrations: readonly string[]
  readonly application_datasource_id: string | null
  readonly access_request_policy_id: string | null
}

/** What of a version the type does not allow; nothing when it may stand. */
export function violations(type: AccessProfileType, given: TypedContents): Violation[] {
  const quoted = JSON.stringify(type.name)
  const found = (broken: boolean, field: string, rule: string): Violation[] =>
    broken ? [{ field, message: `${field}: a profile of the type ${quoted} ${rule}` }] : []
  const allowed = new Set(type.allow_inherited_from_types)
  const strange = allowed.size === 0 ? [] : given.parents.filter(({ type_id }) => !allowed.has(type_id))
  const [ownAllowed, inheritanceAllowed] = [
    allows(type, 'allow_create_relationships'),
    allows(type, 'allow_inherit_entities'),
  ]
  return [
    ...found(given.own > 0 && !ownAllowed, 'entitlements', 'has no entitlements of its own'),
    ...found(given.parents.length > 0 && !inheritanceAllowed, 'inherits', 'does not inherit from others'),
    ...found(
      strange.length > 0,
      'inherits',
      `inherits from profiles of certain types only, which ${names(strange)} is not`,
    ),
    ...found(
      type.require_single_datasource && given.sources.length > 1,
      'entitlements',
      `gives what belongs to one source, not to ${given.sources.length}: ${given.sources.slice(0, 5).join(', ')}`,
    ),
    ...found(
      type.require_single_integration && given.integrations.length > 1,
      'entitlements',
      `gives what belongs to one integration, not to ${given.integrations.slice(0, 5).join(', ')}`,
    ),
    ...found(
      type.max_entitlements !== null && given.count > type.max_entitlements,
      'entitlements',
      `gives at most ${type.max_entitlements} entitlements, inherited ones included, not ${given.count}`,
    ),
    ...found(
      given.application_datasource_id !== null && (ownAllowed || inheritanceAllowed),
      'application_datasource_id',
      'gives entitlements or inherits, so it names no application',
    ),
    ...found(
      !type.allow_overwrite_of_access_request_policy &&
        given.access_request_policy_id !== null &&
        given.access_request_policy_id !== type.access_request_policy_id,
      'access_request_policy_id',
      "takes its type's policy for requests and names no other",
    ),
  ]
}

/** A new profile: is its version published at once, and does the profile run? `undefined` where the type leaves it open. */
export interface Beginning {
  readonly publish: boolean | undefined
  readonly state: 'running' | 'paused' | undefined
}

const beginnings: Readonly<Record<OnCreateBehavior, { publish: boolean; state: 'running' | 'paused' }>> = {
  draft: { publish: false, state: 'paused' },
  published: { publish: true, state: 'paused' },
  running: { publish: true, state: 'running' },
}

/** How a profile of the type begins. @throws DomainError `invalid_body` when it was asked to begin otherwise */
export function beginning({ name, on_create_behavior: behavior }: AccessProfileType, asked: Beginning): Beginning {
  if (behavior === null) return asked
  const decided = beginnings[behavior]
  for (const field of ['publish', 'state'] as const) {
    if (asked[field] !== undefined && asked[field] !== decided[field])
      throw violated([
        {
          field,
          message: `${field}: profiles of the type ${JSON.stringify(name)} begin ${behavior}; leave it out`,
        },
      ])
  }
  return decided
}

/** The name with its integration before it, where the type asks for that and what it gives has one; one of `former` makes way. */
export function prefixedName(
  type: AccessProfileType,
  name: string,
  integrations: readonly string[],
  former: readonly string[] = [],
): string {
  const [integration] = integrations
  if (!type.add_integration_prefix_to_access_profile_names || integration === undefined) return name
  const begins = (each: string): boolean => name.toUpperCase().startsWith(`${each}: `)
  if (begins(integration)) return name
  const old = former.find(begins)
  return `${integration}: ${old === undefined ? name : name.slice(`${old}: `.length)}`
}

/** What of a type contradicts itself. */
export function contradictions(type: AccessProfileTypeFields): Violation[] {
  const needs = (field: keyof AccessProfileTypeFields, needed: keyof AccessProfileTypeFields): Violation[] =>
    type[field] === true && type[needed] !== true ? [{ field, message: `${field} needs ${needed}` }] : []
  const pointless = type.allow_inherited_from_types.length > 0 && !type.allow_inherit_entities
  return [
    ...needs('add_integration_prefix_to_access_profile_names', 'require_single_integration'),
    ...needs('create_entitlement_based_on_profile', 'require_single_integration'),
    ...(pointless
      ? [{ field: 'allow_inherited_from_types', message: 'allow_inherited_from_types needs allow_inherit_entities' }]
      : []),
  ]
}

export function violated(found: readonly Violation[]): DomainError {
  return new DomainError('invalid_body', found.map(({ message }) => message).join('; '), { fields: found })
}

/** A type of no entitlements has none of its own and inherits none, whatever else it says. */
function allows(type: AccessProfileType, way: 'allow_create_relationships' | 'allow_inherit_entities'): boolean {
  return type[way] && !type.no_entitlements
}

function names(profiles: TypedContents['parents']): string {
  return profiles
    .slice(0, 5)
    .map(({ name }) => JSON.stringify(name))
    .join(', ')
}
