import type { Client, Json } from './client.ts'

let count = 0

/** Objects that a test of access profiles needs, made through the API; a refusal fails the test. */
export class Access {
  readonly admin: Client

  constructor(admin: Client) {
    this.admin = admin
  }

  async source(fields: Json = {}): Promise<string> {
    return this.#id('/v1/sources', { name: `source ${++count}`, connector: 'github', ...fields })
  }

  /** Grantable, of a source of its own unless one is named. */
  async entitlement(fields: Json = {}): Promise<string> {
    const source_id = (fields['source_id'] as string | undefined) ?? (await this.source())
    return this.#id('/v1/entitlements', { name: `entitlement ${++count}`, action: 'use', ...fields, source_id })
  }

  async person(fields: Json = {}): Promise<string> {
    return this.#id('/v1/identities', { name: `person ${++count}`, ...fields })
  }

  async group(): Promise<string> {
    return this.#id('/v1/groups', { name: `group ${++count}` })
  }

  /** A profile that gives these entitlements and inherits from these profiles. */
  async profile(entitlements: readonly string[], fields: Json = {}): Promise<Json> {
    return this.#made('/v1/access-profiles', {
      name: `profile ${++count}`,
      entitlements: entitlements.map((entitlement_id) => ({ entitlement_id })),
      ...fields,
    })
  }

  async join(profileId: string, ...people: readonly string[]): Promise<void> {
    const { status, text } = await this.admin.post(`/v1/access-profiles/${profileId}/members`, { identity_ids: people })
    if (status !== 200 || text.includes('failed')) throw new Error(`joining: ${status} ${text}`)
  }

  /** The entitlements that a person holds by open grants, each as often as there are such grants. */
  async held(person: string): Promise<string[]> {
    const { body } = await this.admin.get(`/v1/grants?grantee_id=${person}&status=active&limit=250`)
    return (body['data'] as Json[]).map((grant) => grant['entitlement_id'] as string).toSorted()
  }

  async #id(path: string, body: Json): Promise<string> {
    return (await this.#made(path, body))['id'] as string
  }

  async #made(path: string, body: Json): Promise<Json> {
    const answer = await this.admin.post(path, body)
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
}
