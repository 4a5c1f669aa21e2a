import { Client, type Answer, type Json } from '../support/client.ts'
import { startWorld, type TestTenant, type World } from '../support/world.ts'

export const jsonPatch = { 'content-type': 'application/json-patch+json' }
export const hex = (id: string): string => id.replaceAll('-', '')
export const encoded = (filters: string): string => `filters=${encodeURIComponent(filters)}`

let count = 0
export const unique = (word: string): string => `${word} ${++count}`

/** A tenant whose access profiles are made and changed as SailPoint's clients do it. What makes an object fails with a refusal. */
export interface Org {
  readonly world: World
  readonly acme: TestTenant
  readonly admin: Client
  /** Posts under `/v1`; gives the id. */
  made(path: string, body: Json): Promise<string>
  newSource(more?: Json): Promise<string>
  newEntitlement(sourceId: string, more?: Json): Promise<string>
  /** Enabled, of a source of its own and with one entitlement of that, unless the body says otherwise. */
  newProfile(more?: Json): Promise<Json>
  /** A credential that stands for the person, with every scope unless some are named. */
  keyOf(identityId: string, scopes?: readonly string[]): Promise<Client>
  patch(id: unknown, operations: unknown, headers?: Record<string, string>): Promise<Answer<Json>>
  /** The names that a list has, at most 50. */
  names(query: string, client?: Client): Promise<string[]>
}

export async function startOrg(): Promise<Org> {
  const world = await startWorld()
  const { acme } = world
  const { admin } = acme

  async function made(path: string, body: Json): Promise<string> {
    const answer = await admin.post(path, body)
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`)
    return answer.body['id'] as string
  }

  const newSource = (more: Json = {}): Promise<string> =>
    made('/v1/sources', { name: unique('source'), connector: 'ad', ...more })
  const newEntitlement = (source_id: string, more: Json = {}): Promise<string> =>
    made('/v1/entitlements', { name: unique('entitlement'), source_id, ...more })

  return {
    world, acme, admin, made, newSource, newEntitlement,
    newProfile: async (more = {}) => {
      const source = ((more['source'] as Json | undefined)?.['id'] as string | undefined) ?? (await newSource())
      const { status, body, text } = await admin.post('/v3/access-profiles', {
        name: unique('profile'),
        owner: { id: acme.people.alice },
        source: { id: source },
        entitlements: [{ id: await newEntitlement(source) }],
        ...more,
      })
      if (status !== 201) throw new Error(`POST /v3/access-profiles: ${status} ${text}`)
      return body
    },
    keyOf: async (identity_id, scopes) => {
      const { body } = await admin.post('/v1/api-keys', { name: unique('key'), identity_id, ...(scopes && { scopes }) })
      return new Client(world.url, { 'x-api-key': body['key'] as string })
    },
    patch: (id, operations, headers = {}) =>
      admin.patch<Json>(`/v3/access-profiles/${id}`, operations, { ...jsonPatch, ...headers }),
    names: async (query, client = admin) => {
      const { status, body, text } = await client.get<Json[]>(`/v3/access-profiles?limit=50&${query}`)
      if (status !== 200) throw new Error(`${query}: ${status} ${text}`)
      return body.map(({ name }) => name as string)
    },
  } // prettier-ignore
}
