import type { CedarValue, Entity, EntityRef } from '../engine/cedar.ts'
import { limits } from '../engine/limits.ts'
import type { SchemaTypes } from '../schema/schema-types.ts'
import type { EntitlementFacts, GroupFacts, PersonFacts, ProfileFacts, SourceFacts } from './facts.repository.ts'
import { cedarType, resourceType } from './references.ts'

type Attributes = Readonly<Record<string, CedarValue | null | undefined>>

/**
 * What the directory knows, as Cedar's entities. Attributes that a tenant's schema adds to a type are filled from the
 * object's own `attributes` (of an access profile: `custom_properties`), where they fit.
 */
export class EntityMaker {
  readonly #types: SchemaTypes

  constructor(types: SchemaTypes) {
    this.#types = types
  }

  /** The person, and the groups it is in; with those that the question adds. */
  person(facts: PersonFacts, groups: readonly GroupFacts[]): Entity[] {
    const all = new Map([...facts.groups, ...groups].map((group) => [group.id, group]))
    const attributes = {
      name: facts.name,
      email: facts.email,
      external_id: facts.external_id,
      manager: facts.manager_id === null ? null : reference('User', facts.manager_id),
      lifecycle_state: facts.lifecycle_state,
    }
    return [
      {
        ...this.#entity(
          'User',
          facts.id,
          attributes,
          [...all.keys()].map((id) => ref('Group', id)),
          facts.attributes,
        ),
        tags: tagsOf(facts.attributes),
      },
      ...[...all.values()].map((group) => this.group(group)),
    ]
  }

  /** Somebody whom the directory does not know: a name and nothing else. */
  stranger({ type, id }: EntityRef, groups: readonly GroupFacts[]): Entity[] {
    const attrs: Entity['attrs'] = type === 'User' ? { name: id, lifecycle_state: 'unknown' } : {}
    const parents = type === 'User' ? groups.map((group) => ref('Group', group.id)) : []
    return [{ uid: ref(type, id), attrs, parents }, ...groups.map((group) => this.group(group))]
  }

  group({ id, name }: GroupFacts): Entity {
    return this.#entity('Group', id, { name }, [])
  }

  source({ id, name, connector, owner_id, attributes }: SourceFacts): Entity {
    const owner = owner_id === null ? null : reference('User', owner_id)
    return this.#entity('Source', id, { name, connector, owner }, [], attributes)
  }

  profile({ id, name, owner_id, source_id, labels, custom_properties }: ProfileFacts): Entity {
    const owner = owner_id === null ? null : reference('User', owner_id)
    const parents = source_id === null ? [] : [ref('Source', source_id)]
    return this.#entity('AccessProfile', id, { name, owner, labels: [...labels] }, parents, custom_properties)
  }

  entitlement({ id, name, action, privileged, attributes, source, profiles }: EntitlementFacts): Entity[] {
    const parents = [ref('Source', source.id), ...profiles.map((profile) => ref('AccessProfile', profile.id))]
    const given = { name, action, privileged, source: reference('Source', source.id) }
    return [
      this.#entity('Entitlement', id, given, parents, attributes),
      this.source(source),
      ...profiles.map((profile) => this.profile(profile)),
    ]
  }

  /** The resource that an entitlement is on, asked for by that entitlement; of other types the entitlement itself is. */
  target(entitlement: EntitlementFacts): { uid: EntityRef; entities: Entity[] } {
    const entities = this.entitlement(entitlement)
    const uid = targetOf(entitlement)
    if (uid.type === 'Entitlement') return { uid, entities }
    const { id, attributes, source, profiles } = entitlement
    const account = uid.type === 'AwsAccount' ? null : attributes['account_id']
    const parents = [
      ref('Entitlement', id),
      ref('Source', source.id),
      ...profiles.map((profile) => ref('AccessProfile', profile.id)),
      ...(typeof account === 'string' ? [ref('AwsAccount', account)] : []),
    ]
    return {
      uid,
      entities: [this.#entity(uid.type, uid.id, { entitlement: reference('Entitlement', id) }, parents), ...entities],
    }
  }

  /** A resource that no one entitlement stands for: all that is known is which sources it belongs to. */
  resource(uid: EntityRef, sources: readonly SourceFacts[]): Entity[] {
    const known = [...new Map(sources.map((source) => [source.id, source])).values()]
    return [
      { uid, attrs: {}, parents: known.map(({ id }) => ref('Source', id)) },
      ...known.map((source) => this.source(source)),
    ]
  }

  #entity(
    type: string,
    id: string,
    attributes: Attributes,
    parents: EntityRef[],
    more: Readonly<Record<string, unknown>> = {},
  ): Entity {
    const own = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined)
    const declared = Object.entries(this.#types.attributesOf(type)).filter(([name]) => !Object.hasOwn(attributes, name))
    const added = declared.length === 0 ? {} : this.#types.fitting(more, Object.fromEntries(declared))
    return { uid: { type, id }, attrs: { ...added, ...Object.fromEntries(own) } as Entity['attrs'], parents }
  }
}

/** Typed resources of AWS are asked for as themselves, whatever else by its entitlement. */
export function targetOf({
  id,
  resource_type,
  resource_id,
}: Pick<EntitlementFacts, 'id' | 'resource_type' | 'resource_id'>): EntityRef {
  const type = resource_type === null ? null : cedarType(resource_type)
  const typed = type !== null && resource_id !== null && type.startsWith('Aws') && resourceType(type) !== null
  return typed ? { type, id: resource_id } : { type: 'Entitlement', id }
}

function tagsOf(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  const plain = Object.entries(attributes).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  const texts = plain.map(([name, value]) => [name, String(value)] as const)
  return Object.fromEntries(texts.filter(([, text]) => text.length <= limits.liveString))
}

const ref = (type: string, id: string): EntityRef => ({ type, id })
const reference = (type: string, id: string): CedarValue => ({ __entity: { type, id } })
