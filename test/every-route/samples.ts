import type { Client, Json } from '../support/client.ts'
import { eventually } from '../support/world.ts'
import { dialectBodies, dialectObjects } from './dialect-samples.ts'
import type { Operation, Schema } from './operations.ts'
import type { Schemas } from './schemas.ts'

/** Fields that hold the id of another object, and where such objects are made. */
const references: Readonly<Record<string, string>> = {
  identity_id: '/v1/identities',
  manager_id: '/v1/identities',
  owner_id: '/v1/identities',
  management_group_id: '/v1/groups',
  grantee_id: '/v1/identities',
  source_id: '/v1/sources',
  entitlement_id: '/v1/entitlements',
  policy_id: '/v1/policies',
}

/** Fields that hold ids of other objects whose names do not say so. */
const lists: Readonly<Record<string, string>> = {
  identity_ids: '/v1/identities',
  inherits: '/v1/access-profiles',
  inherit_entities_from_access_profiles: '/v1/access-profiles',
  allow_inherited_from_types: '/v1/access-profile-types',
}

/** The client that may send an operation. */
export type ClientOf = (operation: Operation) => Client

/** Valid requests of one tenant for any operation, made from the examples of the document. */
export class Samples {
  readonly #operations: ReadonlyMap<string, Operation>
  readonly #schemas: Schemas
  readonly #clientOf: ClientOf
  readonly #kept = new Map<string, Promise<Json>>()
  #count = 0

  constructor(operations: readonly Operation[], schemas: Schemas, clientOf: ClientOf) {
    this.#operations = new Map(operations.map((operation) => [`${operation.method} ${operation.path}`, operation]))
    this.#schemas = schemas
    this.#clientOf = clientOf
  }

  /** A new object of a collection; where none can be made, the newest one of its list. */
  async make(collection: string): Promise<Json> {
    const ofDialect = dialectObjects[collection]
    if (ofDialect) return await ofDialect(this)
    const create = this.#operations.get(`POST ${collection}`)
    if (create) return await this.#send(create, collection, await this.body(create))
    const list = this.#operations.get(`GET ${collection}`)
    if (!list)
      throw new Error(
        `No object of ${collection} can be made: there is neither a POST nor a GET of it; say in samples.ts how`,
      )
    const [newest] = (await this.#send(list, collection))['data'] as Json[]
    if (!newest)
      throw new Error(`${collection} cannot be created and is empty: say in samples.ts how an object comes to be`)
    return newest
  }

  /** Deletes what a list has. */
  async clear(list: string): Promise<void> {
    const [collection = ''] = list.split('?')
    const [read, remove] = [`GET ${collection}`, `DELETE ${collection}/{id}`].map((name) => this.#operations.get(name))
    if (!read || !remove) throw new Error(`${collection} cannot be cleared`)
    for (const object of (await this.#send(read, list)) as Json[])
      await this.#send(remove, fill(remove.path, { id: idOf(object) }))
  }

  /** Sends an operation: with `more` in its body, if it takes one. */
  async call(name: string, ids: Readonly<Record<string, string>>, more: object = {}): Promise<Json> {
    const operation = this.#operations.get(name)
    if (!operation) throw new Error(`There is no ${name}`)
    const body = operation.requestBody && { ...((await this.body(operation)) as object), ...more }
    return this.#send(operation, fill(operation.path, ids), body)
  }

  /** The same object each time, for what refers to one. */
  one(collection: string): Promise<Json> {
    const kept = this.#kept.get(collection) ?? this.make(collection)
    this.#kept.set(collection, kept)
    return kept
  }

  /** The id that a path parameter or a field of a body takes, of a new object. */
  async newId(operation: Operation, name: string): Promise<string> {
    if (name === 'delivery_id') return (await this.#delivery()).delivery_id
    if (isPartOfPolicy(operation, name)) return (await this.#partOfPolicy(operation))[name] ?? ''
    if (name === 'number') return (await this.#draft()).number
    return idOf(await this.make(collectionOf(operation, name)))
  }

  /** A path to new objects; what a DELETE takes away was put there. */
  async path(operation: Operation): Promise<string> {
    const ids: Record<string, string> = {}
    const names = operation.parameters.filter(({ in: place }) => place === 'path').map(({ name }) => name)
    if (names.some((name) => isPartOfPolicy(operation, name)))
      return fill(operation.path, {
        ...(await this.#partOfPolicy(operation)),
        number: await this.#savedVersion(operation),
      })
    for (const name of names) ids[name] = await this.newId(operation, name)
    if ('delivery_id' in ids) Object.assign(ids, await this.#delivery())
    if ('number' in ids) Object.assign(ids, await this.#draft())
    if (operation.operationId === 'removeAccessProfileMember') await this.#join(ids)
    const path = fill(operation.path, ids)
    const put = operation.method === 'DELETE' ? this.#operations.get(`PUT ${operation.path}`) : undefined
    if (put && !put.requestBody) await this.#send(put, path)
    return path
  }

  /** A valid body that was not sent before, or undefined where none is taken. */
  async body(operation: Operation): Promise<unknown> {
    const content = operation.requestBody?.content
    if (!content) return undefined
    if (operation.operationId === 'createToken') return await this.#tokenRequest()
    if (operation.operationId === 'createWebhook') await this.#makeRoom()
    const ofDialect = dialectBodies[`${operation.dialect?.name} ${operation.operationId}`]
    if (ofDialect) return await ofDialect(this, `sample-${++this.#count}`)
    const { schema } = Object.values(content)[0] ?? {}
    const example = schema && (schema['example'] ?? this.#schemas.resolve(schema)['example'])
    if (typeof example === 'string') return example
    if (!schema || typeof example !== 'object') {
      throw new Error(`${operation.operationId}: no body can be made; give the fields of its class an example`)
    }
    return await this.#fresh(this.#schemas.resolve(schema), structuredClone(example) as Json)
  }

  /** The fields of an operation's body that hold ids of other objects; what a dialect refers to is its own specs'. */
  referencesOf(operation: Operation): string[] {
    if (operation.dialect) return []
    const schema = operation.requestBody?.content['application/json']?.schema
    const properties = Object.keys((schema && this.#schemas.resolve(schema)['properties']) ?? {})
    const unknown = properties.filter((name) => name.endsWith('_id') && !(name in references) && !textual.has(name))
    if (unknown.length > 0)
      throw new Error(`${operation.operationId}: say in samples.ts what ${unknown.join(', ')} refers to`)
    return properties.filter((name) => name in references)
  }

  /** Other names than before, and references to objects of this tenant. */
  async #fresh(schema: Schema, body: Json): Promise<Json> {
    const suffix = `-${++this.#count}`
    for (const [name, value] of Object.entries(body)) {
      const property = this.#schemas.resolve((schema['properties'] as Schema)[name] as Schema)
      if (name in references) body[name] = idOf(await this.one(references[name] as string))
      else if (name in lists) body[name] = [idOf(await this.make(lists[name] as string))]
      else if (name === 'entities_to_create_relationships_to') body[name] = [await this.#entity((value as [Json])[0])]
      else if (property['format'] === 'cedar') body[name] = `// ${suffix}\n${value}`
      else if (
        typeof value === 'string' &&
        !property['format'] &&
        !property['enum'] &&
        this.#schemas.fits(property, value + suffix)
      )
        body[name] = value + suffix
    }
    return body
  }

  /** An entitlement, as Veza names one. */
  async #entity(example: Json): Promise<Json> {
    const { id, source_id } = await this.one('/v1/entitlements')
    const entity_type = `${example['entity_type']}-${this.#count}`
    return { entity_type, datasource_id: source_id as string, entity_id: id as string }
  }

  /** A delivery that has ended, since to disable a webhook ends what is pending; and its webhook, enabled again. */
  async #delivery(): Promise<{ id: string; delivery_id: string }> {
    const [create, update, list] = [
      'POST /v1/webhooks',
      'PATCH /v1/webhooks/{id}',
      'GET /v1/webhooks/{id}/deliveries',
    ].map((name) => this.#operations.get(name) as Operation) as [Operation, Operation, Operation]
    const url = 'https://hooks.acme.example/castellan'
    await this.#makeRoom()
    const id = idOf(await this.#send(create, create.path, { name: 'Itself', url, event_types: ['webhook.*'] }))
    for (const enabled of [false, true]) await this.#send(update, fill(update.path, { id }), { enabled })
    const failed = await this.#send(list, `${fill(list.path, { id })}?status=failed`)
    return { id, delivery_id: idOf((failed['data'] as Json[])[0] as Json) }
  }

  /** A tenant has at most 50 webhooks: the oldest make room for another. */
  async #makeRoom(): Promise<void> {
    const [list, remove] = ['GET /v1/webhooks', 'DELETE /v1/webhooks/{id}'].map(
      (name) => this.#operations.get(name) as Operation,
    ) as [Operation, Operation]
    const webhooks = (await this.#send(list, `${list.path}?limit=50`))['data'] as Json[]
    for (const webhook of webhooks.slice(30)) await this.#send(remove, fill(remove.path, { id: idOf(webhook) }))
  }

  /** A draft of a profile, which is the version that may be changed and published. */
  async #draft(): Promise<{ id: string; number: string }> {
    const draft = this.#operations.get('POST /v1/access-profiles/{id}/versions') as Operation
    const id = idOf(await this.make('/v1/access-profiles'))
    const { number } = await this.#send(draft, fill(draft.path, { id }), await this.body(draft))
    return { id, number: String(number) }
  }

  async #join({ id = '', identity_id = '' }: Readonly<Record<string, string>>): Promise<void> {
    const add = this.#operations.get('POST /v1/access-profiles/{id}/members') as Operation
    await this.#send(add, fill(add.path, { id }), { identity_ids: [identity_id] })
  }

  /** A policy with what the path names in it; of its versions the second, which no other new policy has; of those of the schema one that nobody has. */
  async #partOfPolicy({ path }: Operation): Promise<Record<string, string>> {
    const post = async (collection: string, ids: Record<string, string>, body?: Json): Promise<string> => {
      const create = this.#operations.get(`POST ${collection}`) as Operation
      return idOf(await this.#send(create, fill(collection, ids), body ?? (await this.body(create))))
    }
    if (path.includes('{decision_id}')) return { decision_id: await this.#decision() }
    if (path.includes('/schema/')) return { number: '99999' }
    const ids: Record<string, string> = { id: await post('/v1/policies', {}), number: '2' }
    const template = { policy_text: 'permit (principal in ?principal, action == Action::"revoke", resource);' }
    const rules = '/v1/policies/{id}/rules'
    if (path.includes('{rule_id}'))
      ids['rule_id'] = await post(rules, ids, path.includes('/links') ? template : undefined)
    if (path.includes('{link_id}')) ids['link_id'] = await post(`${rules}/{rule_id}/links`, ids)
    if (path.includes('{test_id}')) ids['test_id'] = await post('/v1/policies/{id}/tests', ids)
    return ids
  }

  /** The first of a new policy, or a new one of the schema. */
  async #savedVersion({ path }: Operation): Promise<string> {
    if (!path.includes('/schema/')) return '1'
    const { version } = await this.call('PUT /v1/policies/schema', {})
    return String(version)
  }

  /** One of the decisions that were recorded, which happens behind their answers. */
  async #decision(): Promise<string> {
    const [evaluate, list] = ['POST /v1/policies/evaluate', 'GET /v1/policies/decisions'].map(
      (name) => this.#operations.get(name) as Operation,
    ) as [Operation, Operation]
    await this.#send(evaluate, evaluate.path, await this.body(evaluate))
    return eventually(async () => idOf(((await this.#send(list, list.path))['data'] as Json[])[0] ?? {}))
  }

  async #tokenRequest(): Promise<Json> {
    const { client_id, client_secret } = await this.one('/v1/oauth-clients')
    return { grant_type: 'client_credentials', client_id, client_secret }
  }

  async #send(operation: Operation, path: string, body?: unknown): Promise<Json> {
    const answer = await this.#clientOf(operation).send(operation.method, path, body)
    if (answer.status >= 300)
      throw new Error(`The sample of ${operation.operationId} is refused: ${answer.status} ${answer.text}`)
    return answer.body
  }
}

/** Names that end in _id and are plain text. */
const textual = new Set([
  'external_id',
  'resource_id',
  'client_id',
  'type_id',
  'access_request_policy_id',
  'application_datasource_id',
  'rbac_id',
  'profile_type_rbac_id',
  'access_profile_id',
  'datasource_id',
  'entity_id',
  'principal_entity_id',
  'principal_in_id',
  'resource_entity_id',
  'resource_in_id',
])

/** Whether a path names something that stands in a policy, or a decision of policies. */
function isPartOfPolicy({ path }: Operation, name: string): boolean {
  return path.startsWith('/v1/policies/') && name !== 'id'
}

/** Where objects with the id of this parameter are made. */
export function collectionOf(operation: Operation, name: string): string {
  const collection = name === 'id' ? operation.path.split('/{id}')[0] : references[name]
  if (!collection) throw new Error(`${operation.operationId}: say in samples.ts what ${name} refers to`)
  return collection
}

/** Where the objects are made whose ids stand in a list. */
export function collectionOfList(name: string): string {
  return lists[name] ?? `/v1/${name.replace(/_ids$/, 's')}`
}

export function fill(path: string, ids: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `{${name}}`)
}

/** Veza answers an object as a `value`. */
function idOf(answer: Json): string {
  const object = (answer['value'] ?? answer) as Json
  if (typeof object['id'] !== 'string') throw new Error(`An object without an id: ${JSON.stringify(object)}`)
  return object['id']
}
