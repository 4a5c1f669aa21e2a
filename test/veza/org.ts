import { builtInTypes } from '#access-profiles'
import { Client, done, type Json } from '../support/client.ts'
import { startWorld, type World } from '../support/world.ts'

export const base = '/api/private/lifecycle_management'
export const profiles = `${base}/access_profiles`
export const types = `${base}/access_profiles_types`
export const role = builtInTypes.business_role
export const plain = builtInTypes.profile

/** A tenant with two systems and a few entitlements, and its client as Veza's clients are: a key as Bearer. */
export interface Org {
  readonly world: World
  readonly veza: Client
  readonly admin: Client
  readonly sources: Readonly<Record<'crm' | 'cloud', Json>>
  readonly entitlements: Readonly<Record<'sales' | 'support' | 'admin', Json>>
  /** A profile that gives the entity `sales` unless the body says otherwise. */
  newProfile(body?: Json): Promise<Json>
  /** The id of a type that allows everything. */
  openType(): Promise<string>
}

let count = 0
export const unique = (word: string): string => `${word} ${++count}`

/** The entity `sales`, by external ids. */
export const sales = (more: Json = {}): Json => ({
  entity_type: 'SalesforceGroup',
  datasource_id: 'crm-org',
  entity_id: 'crm:sales',
  ...more,
})

export async function startOrg(): Promise<Org> {
  const world = await startWorld()
  const { admin } = world.acme
  const veza = new Client(world.url, { authorization: `Bearer ${world.acme.adminKey}` })
  const source = (name: string, connector: string, external_id: string | null): Promise<Json> =>
    done(admin.post('/v1/sources', { name, connector, external_id }))
  const sources = { crm: await source('CRM', 'salesforce', 'crm-org'), cloud: await source('Cloud', 'aws', null) }
  const entitlement = (of: Json, name: string, more: Json): Promise<Json> =>
    done(admin.post('/v1/entitlements', { source_id: of['id'], name, ...more }))
  const entitlements = {
    sales: await entitlement(sources.crm, 'Sales', { external_id: 'crm:sales', attribute: 'group', value: 'Sales' }),
    support: await entitlement(sources.crm, 'Support', { attribute: 'group', value: 'Support' }),
    admin: await entitlement(sources.cloud, 'Administrator', {}),
  }
  const made = async (path: string, body: Json): Promise<Json> => (await done(veza.post(path, body)))['value'] as Json
  return {
    world,
    veza,
    admin,
    sources,
    entitlements,
    newProfile: (body = {}) =>
      made(profiles, {
        name: unique('Profile'),
        profile_type: plain,
        entities_to_create_relationships_to: [sales()],
        ...body,
      }),
    openType: async () => {
      const rules = { allow_create_relationships: true, allow_inherit_entities: true }
      return (await made(types, { name: unique('Type'), ...rules }))['id'] as string
    },
  }
}
