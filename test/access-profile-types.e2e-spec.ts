import { builtInTypes } from '#access-profiles'
import type { Answer, Client, Json } from './support/client.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let admin: Client
let salesforce: string[]
let aws: string[]
let count = 0

const types = '/v1/access-profile-types'
const profiles = '/v1/access-profiles'
const name = (): string => `Profile ${++count}`

async function made(path: string, body: Json): Promise<Json> {
  const { status, body: object, text } = await admin.post(path, body)
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${text}`)
  return object
}

async function newEntitlements(source: string, connector: string, many: number): Promise<string[]> {
  const { id } = await made('/v1/sources', { name: source, connector })
  const each = Array.from({ length: many }, (_, index) => ({ source_id: id as string, name: `${source} ${index}` }))
  return Promise.all(each.map(async (body) => (await made('/v1/entitlements', body))['id'] as string))
}

const newType = (rules: Json): Promise<Json> => made(types, { name: name(), ...rules })
const giving = (ids: readonly (string | undefined)[]): Json[] => ids.map((entitlement_id) => ({ entitlement_id }))
const profileOf = (type: Json, body: Json): Promise<Answer<Json>> =>
  admin.post(profiles, { name: name(), type_id: type['id'], ...body })

function expectRefusal({ status, body }: Answer<Json>, field: string): void {
  expect([status, body['code']]).toEqual([400, 'invalid_body'])
  expect((body['details'] as { fields: Json[] }).fields.map((each) => each['field'] as string)).toContain(field)
}

beforeAll(async () => {
  world = await startWorld()
  admin = world.acme.admin
  salesforce = await newEntitlements('CRM', 'salesforce', 3)
  aws = await newEntitlements('Cloud', 'aws', 1)
})

afterAll(() => world.close())

describe('an access profile type', () => {
  it('stands in every tenant as Profile and as Business Role, which nobody changes', async () => {
    for (const tenant of [world.acme, world.globex]) {
      const { body } = await tenant.admin.get(types)
      const listed = (body['data'] as Json[]).filter((type) => type['built_in'] === true)
      expect(listed.map((type) => type['name'] as string).sort()).toEqual(['Business Role', 'Profile'])
      for (const { id } of listed) {
        const change = await tenant.admin.patch(`${types}/${id}`, { name: 'Mine' })
        expect([change.status, change.body['code']]).toEqual([409, 'invalid_state'])
        expect((await tenant.admin.delete(`${types}/${id}`)).status).toBe(409)
      }
    }
  })

  it('comes back as it was made, and as it was changed', async () => {
    const rules = {
      description: 'One application',
      require_single_integration: true,
      add_integration_prefix_to_access_profile_names: true,
      max_entitlements: 5,
      create_entitlements: [{ datasource_id: 'crm', anything: { at: ['all'] } }],
      on_create_behavior: 'draft',
      instructions: '# How\n\nto',
      time_before_sync_check_in_seconds: 60,
    }
    const type = await newType(rules)
    expect(type).toMatchObject(rules)
    expect((await admin.get(`${types}/${type['id']}`)).body).toEqual(type)
    const patched = await admin.patch(`${types}/${type['id']}`, { max_entitlements: null }, { 'if-match': '"1"' })
    expect(patched.body).toMatchObject({ ...rules, max_entitlements: null, version: 2 })
    const late = await admin.patch(`${types}/${type['id']}`, { max_entitlements: 1 }, { 'if-match': '"1"' })
    expect(late.status).toBe(412)
  })

  it('has a name of its own, whatever its case, and no rules that contradict each other', async () => {
    const { name: taken } = await newType({})
    expect((await admin.post(types, { name: (taken as string).toUpperCase() })).body['code']).toBe('already_exists')
    expectRefusal(
      await admin.post(types, { name: name(), create_entitlement_based_on_profile: true }),
      'create_entitlement_based_on_profile',
    )
    expectRefusal(
      await admin.post(types, { name: name(), allow_inherited_from_types: ['019a0000-0000-7000-8000-00000000dead'] }),
      'allow_inherited_from_types',
    )
  })

  it('is not deleted while profiles are of it, or types inherit by it', async () => {
    const type = await newType({})
    const profile = (await profileOf(type, { entitlements: giving(aws) })).body
    expect((await admin.delete(`${types}/${type['id']}`)).body['code']).toBe('in_use')
    expect((await admin.delete(`${profiles}/${profile['id']}`)).status).toBe(204)
    const heir = await newType({ allow_inherited_from_types: [type['id']] })
    expect((await admin.delete(`${types}/${type['id']}`)).body['code']).toBe('in_use')
    expect((await admin.delete(`${types}/${heir['id']}`)).status).toBe(204)
    expect((await admin.delete(`${types}/${type['id']}`)).status).toBe(204)
  })
})

test('a type is not deleted while another begins to name it', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { id } = await newType({})
    const [named, removed] = await Promise.all([
      admin.post(types, { name: name(), allow_inherited_from_types: [id] }),
      admin.delete(`${types}/${id}`),
    ])
    expect([201, 400]).toContain(named.status)
    expect(removed.status).toBe(named.status === 201 ? 409 : 204)
  }
})

describe('the rules of a type', () => {
  it('hold when a profile is made, changed, drafted and published', async () => {
    const type = await newType({ max_entitlements: 1 })
    expectRefusal(await profileOf(type, { entitlements: giving(salesforce) }), 'entitlements')
    const { body: profile, status } = await profileOf(type, { entitlements: giving(salesforce.slice(0, 1)) })
    expect(status).toBe(201)
    const path = `${profiles}/${profile['id']}`
    expectRefusal(await admin.patch(path, { entitlements: giving(salesforce) }), 'entitlements')
    expectRefusal(await admin.post(`${path}/versions`, { entitlements: giving(salesforce) }), 'entitlements')
    const { body: draft } = await admin.post(`${path}/versions`, { entitlements: giving(salesforce.slice(1, 2)) })
    expectRefusal(
      await admin.patch(`${path}/versions/${draft['number']}`, { entitlements: giving(salesforce) }),
      'entitlements',
    )
    await admin.patch(`${types}/${type['id']}`, { allow_create_relationships: false })
    expectRefusal(await admin.post(`${path}/versions/${draft['number']}/publication`), 'entitlements')
    expect((await admin.get(path)).body['entitlements']).toHaveLength(1)
  })

  it('hold when a profile becomes one of the type', async () => {
    const type = await newType({ require_single_integration: true })
    const mixed = await made(profiles, { name: name(), entitlements: giving([salesforce[0], aws[0]]) })
    expectRefusal(await admin.patch(`${profiles}/${mixed['id']}`, { type_id: type['id'] }), 'entitlements')
    expectRefusal(
      await admin.patch(`${profiles}/${mixed['id']}`, { type_id: '019a0000-0000-7000-8000-00000000dead' }),
      'type_id',
    )
  })

  it('hold for the policy that a published version names, whatever changes', async () => {
    const access_request_policy_id = '019a0000-0000-7000-8000-000000000077'
    const open = await newType({ allow_overwrite_of_access_request_policy: true })
    const strict = await newType({ allow_overwrite_of_access_request_policy: false })
    const path = `${profiles}/${(await profileOf(open, { entitlements: giving(aws) })).body['id']}`
    await admin.post(`${path}/versions`, { access_request_policy_id })
    expect((await admin.post(`${path}/versions/2/publication`)).body).toMatchObject({ access_request_policy_id })
    expectRefusal(await admin.patch(path, { type_id: strict['id'] }), 'access_request_policy_id')
    await admin.patch(`${types}/${open['id']}`, { allow_overwrite_of_access_request_policy: false })
    expectRefusal(await admin.patch(path, { entitlements: giving(salesforce) }), 'access_request_policy_id')
  })

  it('count what is inherited', async () => {
    const parent = await made(profiles, { name: name(), entitlements: giving(salesforce) })
    const single = await newType({ require_single_datasource: true, max_entitlements: 3 })
    const body = { inherits: [parent['id']] }
    expect((await profileOf(single, body)).status).toBe(201)
    expectRefusal(await profileOf(single, { ...body, entitlements: giving(aws) }), 'entitlements')
  })

  it('know a profile of no type by what it does: what inherits is a Business Role', async () => {
    const parent = await made(profiles, { name: name(), entitlements: giving(aws) })
    const child = await made(profiles, { name: name(), inherits: [parent['id']] })
    const ofRoles = await newType({ allow_inherited_from_types: [builtInTypes.business_role] })
    const ofPlain = await newType({ allow_inherited_from_types: [builtInTypes.profile] })
    expect((await profileOf(ofRoles, { inherits: [child['id']] })).status).toBe(201)
    expectRefusal(await profileOf(ofRoles, { inherits: [parent['id']] }), 'inherits')
    expect((await profileOf(ofPlain, { inherits: [parent['id']] })).status).toBe(201)
  })

  it('decide how a profile begins, and let it not ask for anything else', async () => {
    const entitlements = giving(aws)
    const draft = await newType({ on_create_behavior: 'draft' })
    const { body } = await profileOf(draft, { entitlements })
    expect(body).toMatchObject({ state: 'paused', published_version: null, draft_version: 1 })
    expectRefusal(await profileOf(draft, { entitlements, state: 'running' }), 'state')
    const published = await newType({ on_create_behavior: 'published' })
    expect((await profileOf(published, { entitlements })).body).toMatchObject({ state: 'paused', published_version: 1 })
    const running = await newType({ on_create_behavior: 'running' })
    expect((await profileOf(running, { entitlements })).body).toMatchObject({ state: 'running', published_version: 1 })
  })

  it('put the integration before the name, at the latest when there is one', async () => {
    const rules = { require_single_integration: true, add_integration_prefix_to_access_profile_names: true }
    const type = await newType(rules)
    const { body } = await profileOf(type, { name: 'Developer', entitlements: giving(salesforce.slice(0, 1)) })
    expect(body['name']).toBe('SALESFORCE: Developer')
    const path = `${profiles}/${body['id']}`
    expect((await admin.patch(path, { name: 'Builder' })).body['name']).toBe('SALESFORCE: Builder')
    const { body: empty } = await profileOf(type, { name: 'Later' })
    expect(empty['name']).toBe('Later')
    await admin.post(`${profiles}/${empty['id']}/versions`, { entitlements: giving(aws) })
    await admin.post(`${profiles}/${empty['id']}/versions/2/publication`)
    expect((await admin.get(`${profiles}/${empty['id']}`)).body['name']).toBe('AWS: Later')
    const other = giving(salesforce.slice(0, 1))
    const { body: moved } = await admin.patch(`${profiles}/${empty['id']}`, { entitlements: other })
    expect(moved['name']).toBe('SALESFORCE: Later')
    await admin.post(`${profiles}/${empty['id']}/versions`, { entitlements: giving(aws) })
    await admin.post(`${profiles}/${empty['id']}/versions/${(moved['published_version'] as number) + 1}/publication`)
    expect((await admin.get(`${profiles}/${empty['id']}`)).body['name']).toBe('AWS: Later')
    expectRefusal(
      await profileOf(type, { name: 'x'.repeat(250), entitlements: giving(salesforce.slice(0, 1)) }),
      'name',
    )
  })
})
