import { isDeepStrictEqual } from 'node:util'
import { DomainError } from '#kernel'
import type { SchemaDocument } from '../engine/cedar.ts'
import { builtIn, type Declaration } from './built-in.ts'
import { declaredNames, type DeclaredName } from './declared-names.ts'

type Namespace = SchemaDocument[string]
type EntityType = Namespace['entityTypes'][string]
type ActionType = Namespace['actions'][string]
type CommonType = NonNullable<Namespace['commonTypes']>[string]

const nameOf = ({ kind, name }: Declaration): DeclaredName => `${kind} ${name}`

/**
 * The tenant's text with what it does not declare itself but may speak of, so that Cedar can read it alone. The tenant's text
 * stands first: places in findings are its own.
 */
export function readable(extension: string): string {
  const declared = declaredNames(extension)
  return [extension, ...builtIn.filter((each) => !declared.has(nameOf(each))).map(({ text }) => text)].join('\n')
}

/**
 * Both schemas in one. The tenant adds types, actions and namespaces, and to built-in ones: attributes, parents, what an
 * action applies to. What is built in stays what it is. @throws DomainError `invalid_body` that names what would change it
 */
export function extended(base: SchemaDocument, addition: SchemaDocument): SchemaDocument {
  const { '': built = { entityTypes: {}, actions: {} } } = base
  const { '': added = { entityTypes: {}, actions: {} }, ...namespaces } = addition
  // In a declaration a name means the common type before the entity: one would take the other's place.
  refuseTaken(added.commonTypes ?? {}, built.entityTypes)
  refuseTaken(added.entityTypes, built.commonTypes ?? {})
  return {
    ...namespaces,
    '': {
      entityTypes: merged(built.entityTypes, added.entityTypes, extendedEntity),
      actions: merged(built.actions, added.actions, extendedAction),
      commonTypes: merged(built.commonTypes ?? {}, added.commonTypes ?? {}, extendedType),
    },
  }
}

function refuseTaken(added: object, built: object): void {
  const name = Object.keys(added).find((each) => Object.hasOwn(built, each))
  if (name !== undefined) throw taken(name)
}

function merged<T>(
  base: Readonly<Record<string, T>>,
  added: Readonly<Record<string, T>>,
  extend: (name: string, base: T, added: T) => T,
): Record<string, T> {
  const names = new Set([...Object.keys(base), ...Object.keys(added)])
  return Object.fromEntries(
    [...names].map((name) => {
      const [one, other] = [own(base, name), own(added, name)]
      return [name, one !== undefined && other !== undefined ? extend(name, one, other) : ((one ?? other) as T)]
    }),
  )
}

function extendedEntity(name: string, base: EntityType, added: EntityType): EntityType {
  if (isDeepStrictEqual(base, added)) return base
  if ('enum' in base || 'enum' in added) throw taken(`entity ${name}`)
  if (added.tags !== undefined && !isDeepStrictEqual(base.tags, added.tags)) throw taken(`the tags of ${name}`)
  return {
    ...base,
    memberOfTypes: union(base.memberOfTypes, added.memberOfTypes),
    shape: extendedRecord(name, base.shape ?? emptyRecord, added.shape ?? emptyRecord) as CommonType,
  } as EntityType
}

function extendedAction(name: string, base: ActionType, added: ActionType): ActionType {
  if (isDeepStrictEqual(base, added)) return base
  const [one, other] = [base.appliesTo, added.appliesTo]
  if (other?.context !== undefined && !isDeepStrictEqual(one?.context, other.context))
    throw taken(`the context of ${name}`, 'declare `type RequestContext = { … }` with what it lacks')
  return {
    ...base,
    memberOf: union(base.memberOf, added.memberOf),
    appliesTo: {
      ...one,
      principalTypes: union(one?.principalTypes, other?.principalTypes),
      resourceTypes: union(one?.resourceTypes, other?.resourceTypes),
    },
  }
}

function extendedType(name: string, base: CommonType, added: CommonType): CommonType {
  return isDeepStrictEqual(base, added) ? base : extendedRecord(name, base, added)
}

const emptyRecord = { type: 'Record', attributes: {} }

function extendedRecord(name: string, base: object, added: object): CommonType {
  if (!('attributes' in base && 'attributes' in added)) throw taken(name)
  const attributes = merged(
    base.attributes as Record<string, unknown>,
    added.attributes as Record<string, unknown>,
    (attribute, one, other) => {
      if (!isDeepStrictEqual(one, other)) throw taken(`${name}.${attribute}`)
      return one
    },
  )
  return { type: 'Record', attributes } as CommonType
}

function union<T>(one: readonly T[] = [], other: readonly T[] = []): T[] {
  return [...one, ...other.filter((each) => !one.some((known) => isDeepStrictEqual(known, each)))]
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function taken(what: string, instead = 'choose another name'): DomainError {
  const message = `schema: ${what} is built in and cannot be changed; ${instead}`
  return new DomainError('invalid_body', message, { fields: [{ field: 'schema', message }] })
}
