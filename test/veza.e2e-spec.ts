import type { Answer, Json } from './support/client.ts'
import { Client } from './support/client.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let admin: Client
let veza: Client
let sources: Record<'crm' | 'cloud', Json>
let entitlements: Record<'sales' | 'support' | 'admin', Json>
let count = 0

const base = '/api/private/lifecycle_management'
const profiles = `${base}/access_profiles`
const types = `${base}/access_profiles_types`
const role = '00000000-0000-7000-8000-000000000a02'
const plain = '00000000-0000-7000-8000-000000000a01'
const unique = (word: string): string => `${word} ${++count}`

async function done(answer: Promise<Answer<Json>>): Promise<Json> {
  const { status, body, text } = await answer
  if (status >= 300) throw new Error(`${status} ${text}`)
  return body
}

const sales = (more: Json = {}): Json => ({
  entity_type: 'SalesforceGroup',
  datasource_id: 'crm-org',
  entity_id: 'crm:sales',
  ...more,
})

async function newProfile(body: Json = {}): Promise<Json> {
  const answer = await done(
    veza.post(profiles, {
      name: unique('Profile'),
      profile_type: plain,
      entities_to_create_relationships_to: [sales()],
      ...body,
    }),
  )
  return answer['value'] as Json
}

const openType = async (): Promise<string> => {
  const rules = { allow_create_relationships: true, allow_inherit_entities: true }
  return ((await done(veza.post(types, { name: unique('Type'), ...rules })))['value'] as Json)['id'] as string
}

const list = async (query: string): Promise<Json[]> => {
  return (await done(veza.get(`${profiles}?${query}`)))['values'] as Json[]
}
const idsOf = (values: Json[]): string[] => values.map(({ id }) => id as string)
const filtered = async (filter: string): Promise<string[]> =>
  idsOf(await list(`filter=${encodeURIComponent(filter)}`)).sort()

beforeAll(async () => {
  world = await startWorld()
  admin = world.acme.admin
  veza = new Client(world.url, { authorization: `Bearer ${world.acme.adminKey}` })
  const source = (name: string, connector: string, external_id: string | null): Promise<Json> =>
    done(admin.post('/v1/sources', { name, connector, external_id }))
  sources = { crm: await source('CRM', 'salesforce', 'crm-org'), cloud: await source('Cloud', 'aws', null) }
  const entitlement = (of: Json, name: string, more: Json): Promise<Json> =>
    done(admin.post('/v1/entitlements', { source_id: of['id'], name, ...more }))
  entitlements = {
    sales: await entitlement(sources.crm, 'Sales', { external_id: 'crm:sales', attribute: 'group', value: 'Sales' }),
    support: await entitlement(sources.crm, 'Support', { attribute: 'group', value: 'Support' }),
    admin: await entitlement(sources.cloud, 'Administrator', {}),
  }
})

afterAll(() => world.close())

describe('an access profile', () => {
  it('comes back with every field of the contract, as it was made', async () => {
    const properties = { cost_center: { of: [1, 'two', null] }, 'a b.c': true }
    const action = { policy_id: 'p', name: 'sync' }
    const made = await newProfile({
      name: 'Developer',
      description: 'Develops',
      labels: ['requestable', 'development'],
      custom_properties: properties,
      catalog_item_info: { name: 'Dev', description: '', markdown_description: '*x*', icon: '', recommended: true },
      created_entitlements: [{ datasource_id: 'x', attribute_transformers: { values: [] } }],
      entities_to_create_relationships_to: [
        sales({
          grant_by: 1,
          condition: { type: 'SCIM_FILTER', condition_string: 'a eq 1' },
          sync_identity_action: action,
        }),
        { entity_type: 'Role', datasource_id: sources.cloud['id'], entity_id: entitlements.admin['id'] },
      ],
    })
    expect(made).toEqual({
      id: expect.any(String) as unknown,
      name: 'Developer',
      description: 'Develops',
      state: 'RUNNING',
      profile_type: plain,
      current_version_number: 1,
      draft_version_number: 0,
      used_by_workflow: false,
      integrations: ['AWS', 'SALESFORCE'],
      current_version: {
        access_profile_id: made['id'],
        version_number: 1,
        state: 'PUBLISHED',
        entities_to_create_relationships_to: [
          {
            ...sales(),
            assigned_to_entity_type: '',
            assigned_to_entity_id: '',
            extraction_datasource_id: sources.crm['id'],
            provider_id: sources.crm['id'],
            provider_external_id: 'crm-org',
            entity_name: 'Sales',
            native_id: 'Sales',
            grant_by: 'MEMBERSHIP',
            created_by_access_profile: false,
            custom_properties: {},
            sync_identity_action: action,
            condition: { type: 'SCIM_FILTER', condition_string: 'a eq 1' },
            create_entitlement_detail_id: '',
            created_at: entitlements.sales['created_at'],
          },
          expect.objectContaining({
            entity_type: 'Role',
            entity_id: entitlements.admin['id'],
            provider_external_id: '',
          }),
        ],
        inherit_entities_from_access_profiles: [],
        members: [],
        rbac_id: '',
        access_request_policy_id: '',
        application_datasource_id: '',
        application_sync_identity_action: null,
        created_by: expect.any(String) as unknown,
        created_at: expect.any(String) as unknown,
        updated_at: expect.any(String) as unknown,
        published_by: expect.any(String) as unknown,
        published_at: expect.any(String) as unknown,
      },
      access_profiles_inherited: [],
      access_profiles_inherited_by: [],
      inherits_from_other_profiles: false,
      inherited_by_other_profiles: false,
      labels: ['requestable', 'development'],
      provider_ids: [sources.cloud['id'], sources.crm['id']].sort(),
      provider_external_ids: ['crm-org'],
      datasource_ids: [sources.cloud['id'] as string, 'crm-org'].sort(),
      rbac_id: '',
      member_details: [],
      requestable: true,
      require_approval_to_start: false,
      started_at: expect.any(String) as unknown,
      started_by: expect.any(String) as unknown,
      catalog_item_info: { name: 'Dev', description: '', markdown_description: '*x*', icon: '', recommended: true },
      access_request_policy_id: '',
      created_entitlements: [{ datasource_id: 'x', attribute_transformers: { values: [] } }],
      last_synced_at: null,
      sync_allowed: false,
      last_sync_job_ids: [],
      identity_created_by: '',
      last_sync_error_message: '',
      profile_type_rbac_id: '',
      created_by: expect.any(String) as unknown,
      created_at: expect.any(String) as unknown,
      updated_at: expect.any(String) as unknown,
      custom_properties: properties,
    })
    const read = await done(veza.get(`${profiles}/${made['id']}?entity_extra_info=true`))
    expect(read).toEqual({ value: made })
    expect(
      await done(veza.get(`/api/v1/lifecycle_management/access_profiles/${made['id']}?entity_extra_info=true`)),
    ).toEqual(read)
    await done(veza.delete(`${profiles}/${made['id']}`))
    expect((await veza.get(`${profiles}/${made['id']}`)).body).toMatchObject({ code: 'NotFound' })
  })

  it('tells names and providers of its entities where that is asked for, and beside the list as well', async () => {
    const made = await newProfile({ labels: ['extra-info'] })
    const query = `filter=${encodeURIComponent('labels co "extra-info"')}`
    const short = await done(veza.get(`${profiles}?${query}`))
    const entity = ((short['values'] as [Json])[0]['current_version'] as Json)[
      'entities_to_create_relationships_to'
    ] as Json[]
    expect(entity[0]).not.toHaveProperty('entity_name')
    expect(short).not.toHaveProperty('entities_to_create_relationships_to')
    const long = await done(veza.get(`${profiles}?${query}&entity_extra_info=true&include_requestable=true`))
    const entities = (made['current_version'] as Json)['entities_to_create_relationships_to'] as Json[]
    expect(long).toEqual({
      has_more: false,
      next_page_token: '',
      values: [made],
      entities_to_create_relationships_to: entities,
    })
  })

  it('answers enums by number where that is asked for, and takes both', async () => {
    const numbers = { 'x-enum-format': 'number' }
    const made = await newProfile({ state: 2 })
    expect(made['state']).toBe('PAUSED')
    const { body } = await veza.get(`${profiles}/${made['id']}`, numbers)
    expect(body['value']).toMatchObject({ state: 2, current_version: { state: 2 } })
    expect((await veza.get(`${profiles}/nothing`, numbers)).body).toMatchObject({ code: 5 })
    expect((await veza.patch(`${profiles}/${made['id']}`, { state: 3 })).status).toBe(400)
    expect((await veza.get(profiles, { 'x-enum-format': 'roman' })).status).toBe(400)
  })

  it('is refused with an entity that no datasource knows, by its place, and nothing is made', async () => {
    const before = (await list('page_size=100')).length
    const { status, body } = await veza.post(profiles, {
      name: unique('Profile'),
      profile_type: plain,
      entities_to_create_relationships_to: [sales(), sales({ entity_id: 'crm:nobody' })],
    })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('crm:nobody') as unknown,
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          field_violations: [{ field: 'entities_to_create_relationships_to.1.entity_id' }],
        },
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'INVALID_BODY' },
      ],
      request_id: expect.any(String) as unknown,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown,
    })
    expect((await list('page_size=100')).length).toBe(before)
  })

  it('names an entitlement by its id, its external id or its value, and its datasource by id or external id', async () => {
    for (const entity of [
      sales({ datasource_id: sources.crm['id'], entity_id: entitlements.sales['id'] }),
      sales({ entity_id: 'Sales' }),
      sales({ datasource_id: sources.crm['id'], entity_id: 'Support' }),
    ]) {
      const made = await newProfile({ entities_to_create_relationships_to: [entity] })
      expect((made['current_version'] as Json)['entities_to_create_relationships_to']).toMatchObject([entity])
    }
    await done(admin.post('/v1/entitlements', { source_id: sources.crm['id'], name: 'Twin', value: 'Support' }))
    const { body } = await veza.post(profiles, {
      name: unique('Profile'),
      profile_type: plain,
      entities_to_create_relationships_to: [sales({ entity_id: 'Support' })],
    })
    expect(body['message']).toContain('2 entitlements')
  })
})

describe('a change', () => {
  it('writes what the mask names, in either case, clears what the body lacks, and leaves the rest alone', async () => {
    const made = await newProfile({ labels: ['a'], description: 'before', custom_properties: { a: 1 } })
    const path = `${profiles}/${made['id']}`
    const body = { labels: ['b'], description: 'ignored', name: 'ignored' }
    const masked = await done(veza.patch(`${path}?update_mask=labels,customProperties`, body))
    expect(masked['value']).toMatchObject({
      labels: ['b'],
      description: 'before',
      name: made['name'],
      custom_properties: {},
    })
    const unmasked = await done(veza.patch(path, { labels: ['requestable', 'salesforce'] }))
    expect(unmasked['value']).toMatchObject({ labels: ['requestable', 'salesforce'], description: 'before' })
    for (const mask of ['labels,surprise', 'integrations', 'custom_properties.a', 'name']) {
      const refused = await veza.patch(`${path}?update_mask=${mask}`, {})
      expect([mask, refused.status, refused.body['code']]).toEqual([mask, 400, 'InvalidArgument'])
    }
  })

  it('takes a profile back as it was read', async () => {
    const made = await newProfile({ description: 'same' })
    const { body, status } = await veza.patch(`${profiles}/${made['id']}`, made)
    expect([status, body['value']]).toEqual([200, made])
  })

  it('starts and pauses a profile, which only gives what is published', async () => {
    const type = (
      await done(
        veza.post(types, { name: unique('Type'), allow_create_relationships: true, on_create_behavior: 'DRAFT' }),
      )
    )['value'] as Json
    const made = await newProfile({ profile_type: type['id'] })
    expect(made).toMatchObject({
      state: 'PAUSED',
      current_version_number: 0,
      draft_version_number: 1,
      current_version: null,
    })
    const path = `${profiles}/${made['id']}`
    expect((await veza.post(`${path}:start`)).body).toMatchObject({ code: 'FailedPrecondition' })
    expect((await done(veza.post(`${path}/versions/1:publish`)))['value']).toMatchObject({ state: 'PUBLISHED' })
    expect((await done(veza.post(`${path}:start`)))['value']).toMatchObject({
      state: 'RUNNING',
      current_version_number: 1,
    })
    expect((await done(veza.post(`${path}:pause`)))['value']).toMatchObject({ state: 'PAUSED' })
    expect((await done(veza.patch(path, { state: 'RUNNING' })))['value']).toMatchObject({ state: 'RUNNING' })
  })
})

describe('a version', () => {
  it('that is published never changes: other contents become a draft, which publishing makes the current one', async () => {
    const made = await newProfile()
    const path = `${profiles}/${made['id']}`
    const entities = [sales(), sales({ entity_id: 'crm:sales', datasource_id: sources.crm['id'] })]
    expect((await veza.patch(`${path}/versions/1`, { entities_to_create_relationships_to: entities })).status).toBe(400)
    const wanted = [{ entity_type: 'Role', datasource_id: sources.cloud['id'], entity_id: entitlements.admin['id'] }]
    const draft = (await done(veza.patch(`${path}/versions/1`, { entities_to_create_relationships_to: wanted })))[
      'value'
    ] as Json
    expect(draft).toMatchObject({ version_number: 2, state: 'DRAFT', entities_to_create_relationships_to: wanted })
    expect((await done(veza.get(path)))['value']).toMatchObject({
      current_version_number: 1,
      draft_version_number: 2,
      integrations: ['SALESFORCE'],
    })
    const published = await done(veza.patch(`${path}/versions/2?update_mask=state`, { state: 'PUBLISHED' }))
    expect(published['value']).toMatchObject({ version_number: 2, state: 'PUBLISHED' })
    expect((await done(veza.get(path)))['value']).toMatchObject({
      current_version_number: 2,
      draft_version_number: 0,
      integrations: ['AWS'],
    })
    const retired = (await done(veza.get(`${path}/versions/1`)))['value'] as Json
    expect(retired).toMatchObject({ state: 'RETIRED', entities_to_create_relationships_to: [sales()] })
    expect((await veza.patch(`${path}/versions/1`, { inherit_entities_from_access_profiles: [] })).status).toBe(409)
    const versions = (await done(veza.get(`${path}/versions`)))['values'] as Json[]
    expect(versions.map(({ version_number }) => version_number as number)).toEqual([2, 1])
  })

  it('is published once, however many ask at the same time', async () => {
    const made = await newProfile({ profile_type: await openType() })
    const path = `${profiles}/${made['id']}/versions`
    await done(
      veza.post(path, {
        entities_to_create_relationships_to: [],
        application_datasource_id: '',
        inherit_entities_from_access_profiles: [(await newProfile())['id']],
      }),
    )
    const answers = await Promise.all(Array.from({ length: 5 }, () => veza.post(`${path}/2:publish`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409])
    expect(((await done(veza.get(path)))['values'] as Json[]).map(({ state }) => state as string)).toEqual([
      'PUBLISHED',
      'RETIRED',
    ])
  })

  it('that would make a profile inherit from itself is refused', async () => {
    const parent = await newProfile()
    const child = await newProfile({
      inherit_entities_from_access_profiles: [parent['id']],
      profile_type: role,
      entities_to_create_relationships_to: [],
    })
    expect(child).toMatchObject({ access_profiles_inherited: [parent['id']], inherits_from_other_profiles: true })
    const { status, body } = await veza.patch(`${profiles}/${parent['id']}/versions/1`, {
      inherit_entities_from_access_profiles: [child['id']],
    })
    expect([status, body['code']]).toEqual([400, 'InvalidArgument'])
    expect((body['details'] as Json[])[0]).toMatchObject({
      field_violations: [{ field: 'inherit_entities_from_access_profiles' }],
    })
    expect((await done(veza.get(`${profiles}/${parent['id']}`)))['value']).toMatchObject({
      access_profiles_inherited_by: [child['id']],
      inherited_by_other_profiles: true,
    })
  })

  it('has the members of its profile, who come and go at once, all of them or none', async () => {
    const { alice, bob } = world.acme.people
    const made = await newProfile()
    const path = `${profiles}/${made['id']}/versions/1/members`
    const update = (type: unknown, identity_ids: string[]): Promise<Answer<Json>> =>
      veza.put(path, { type, identity_ids, access_profile_id: made['id'], version_number: 1 })
    expect(await done(update('ADD', [alice, bob]))).toEqual({ access_request_id: '', access_request_error_message: '' })
    const refused = await update(1, ['019a0000-0000-7000-8000-00000000dead'])
    expect([refused.status, refused.body['code']]).toEqual([400, 'InvalidArgument'])
    await done(update(2, [bob]))
    const member = {
      access_profile_id: made['id'],
      access_profile_name: made['name'],
      identity_id: alice,
      identity_name: 'alice',
      created_from: 'ACCESS_PROFILE_MEMBERSHIP',
      workflow: '',
    }
    expect(await done(veza.get(path))).toEqual({ values: [member], has_more: false, next_page_token: '' })
    const { value } = (await done(veza.get(`${profiles}/${made['id']}`))) as { value: Json }
    expect(value).toMatchObject({ member_details: [member], current_version: { members: [alice] } })
    expect((await veza.get(`${profiles}/${made['id']}/versions/9/members`)).status).toBe(404)
    expect((await veza.delete(`${profiles}/${made['id']}`)).body).toMatchObject({ code: 'FailedPrecondition' })
  })
})

describe('the list', () => {
  it('answers each example URL of the documentation as its text says', async () => {
    const type = (await done(veza.post(types, { name: unique('Type'), allow_create_relationships: true })))[
      'value'
    ] as Json
    const both = [
      sales(),
      { entity_type: 'Role', datasource_id: sources.cloud['id'], entity_id: entitlements.admin['id'] },
    ]
    const crm = await newProfile({ profile_type: type['id'], labels: ['seed', 'requestable'] })
    const mixed = await newProfile({
      profile_type: type['id'],
      labels: ['seed'],
      entities_to_create_relationships_to: both,
    })
    const empty = await newProfile({
      profile_type: type['id'],
      labels: ['requests'],
      entities_to_create_relationships_to: [],
      state: 'PAUSED',
    })
    const mine = `profile_type eq "${type['id']}"`
    const ids = (...each: Json[]): string[] => idsOf(each).sort()
    expect(await filtered(mine)).toEqual(ids(crm, mixed, empty))
    expect(await filtered(`integrations co "SALESFORCE" and ${mine}`)).toEqual(ids(crm, mixed))
    expect(await filtered(`integrations eq "SALESFORCE" and ${mine}`)).toEqual(ids(crm))
    expect(await filtered(`integrations co "SALES" and ${mine}`)).toEqual([])
    expect(await filtered(`(integrations co "SALESFORCE" or integrations co "AWS") and ${mine}`)).toEqual(
      ids(crm, mixed),
    )
    expect(await filtered(`provider_ids co "${sources.cloud['id']}" and ${mine}`)).toEqual(ids(mixed))
    expect(await filtered(`labels co "requestable" and ${mine}`)).toEqual(ids(crm))
    expect(await filtered(`labels co "request" and ${mine}`)).toEqual([])
    expect(await filtered(`labels eq "requestable" and ${mine}`)).toEqual([])
    expect(await filtered(`labels eq "requests" and ${mine}`)).toEqual(ids(empty))
    const url = `filter=%28integrations+co+%22SALESFORCE%22+or+integrations+co+%22AWS%22%29+and+profile_type+eq+%22${type['id']}%22`
    expect(idsOf(await list(url)).sort()).toEqual(ids(crm, mixed))
  })

  it('is complete by has_more, page by page, while profiles are written', async () => {
    const label = unique('paged').replace(' ', '-')
    const made: string[] = []
    for (let n = 0; n < 7; n++) made.push((await newProfile({ labels: [label] }))['id'] as string)
    const seen: string[] = []
    const filter = encodeURIComponent(`labels co "${label}"`)
    let token = ''
    for (;;) {
      const page = await done(
        veza.get(`${profiles}?page_size=2&order_by=name&filter=${filter}&page_token=${encodeURIComponent(token)}`),
      )
      seen.push(...idsOf(page['values'] as Json[]))
      await newProfile({ labels: [label], name: `0 before ${++count}` })
      if (page['has_more'] !== true) {
        expect(page['next_page_token']).toBe('')
        break
      }
      token = page['next_page_token'] as string
    }
    expect(made.filter((id) => !seen.includes(id))).toEqual([])
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('is sorted as order_by says', async () => {
    const label = unique('sorted').replace(' ', '-')
    for (const name of ['b', 'c', 'a']) await newProfile({ name: `${label} ${name}`, labels: [label] })
    const filter = encodeURIComponent(`labels co "${label}"`)
    const names = async (order: string): Promise<string[]> =>
      (await list(`filter=${filter}&order_by=${encodeURIComponent(order)}`)).map(({ name }) =>
        (name as string).slice(-1),
      )
    expect(await names('name')).toEqual(['a', 'b', 'c'])
    expect(await names('  name   desc , created_at')).toEqual(['c', 'b', 'a'])
    expect((await veza.get(`${profiles}?order_by=labels`)).body).toMatchObject({ code: 'InvalidArgument' })
  })

  it.each([
    ['page_size=101', 'page_size'],
    ['page_size=0', 'page_size'],
    ['page_token=abc', 'page_token'],
    ['filter=labels', 'filter'],
    ['filter=surprise+eq+1', 'filter'],
    ['limit=1', 'limit'],
  ])('refuses ?%s, naming the parameter, and never clamps it', async (query, parameter) => {
    const { status, body } = await veza.get(`${profiles}?${query}`)
    expect([status, body['code']]).toEqual([400, 'InvalidArgument'])
    const [violations] = body['details'] as [Json]
    expect(violations['field_violations']).toMatchObject([{ field: parameter }])
  })

  it('shows integrations, those in use by a filter', async () => {
    const { body } = await veza.get(
      `${base}/integrations?order_by=name&filter=${encodeURIComponent('integration eq "AWS"')}`,
    )
    expect(body['values']).toMatchObject([
      { id: sources.cloud['id'], integration: 'AWS', name: 'Cloud', external_id: '', enabled: true },
    ])
  })
})

describe('a profile type', () => {
  it('comes back as it was made, changes by mask, and is deleted', async () => {
    const body = {
      name: unique('Type'),
      allow_inherit_entities: true,
      allow_inherited_from_types: [plain],
      require_single_integration: true,
      add_integration_prefix_to_access_profile_names: true,
      max_entitlements: 3,
      on_create_behavior: 2,
      time_before_sync_check_in_seconds: '60',
      instructions: '# How',
    }
    const { value } = (await done(veza.post(types, body))) as { value: Json }
    expect(value).toMatchObject({
      ...body,
      on_create_behavior: 'PUBLISHED',
      allow_create_relationships: false,
      description: '',
    })
    const path = `${types}/${value['id']}`
    const patched = await done(
      veza.patch(`${path}?update_mask=maxEntitlements,instructions`, { instructions: 'x', name: 'ignored' }),
    )
    expect(patched['value']).toMatchObject({
      ...value,
      max_entitlements: 0,
      instructions: 'x',
      updated_at: expect.any(String) as unknown,
    })
    expect(await done(veza.delete(path))).toEqual({})
    expect((await veza.get(path)).status).toBe(404)
  })
})

describe('an API key', () => {
  const keys = '/api/preview/keys'

  it('is made, renamed, revoked, reinstated and deleted', async () => {
    const { value: made } = (await done(veza.post(keys, { name: 'Nightly' }))) as { value: Json }
    const path = `${keys}/${made['id']}`
    const own = new Client(world.url, { authorization: `Bearer ${made['access_key']}` })
    expect((await own.get(profiles)).status).toBe(200)
    const renamed = await done(veza.patch(path, { name: 'Weekly' }))
    expect(renamed['value']).toMatchObject({
      id: made['id'],
      name: 'Weekly',
      access_key: '',
      status: 'ACTIVE',
      team_id: '',
    })
    expect(await done(veza.post(`${path}:revoke`))).toEqual({})
    expect((await own.get(profiles)).body).toMatchObject({ code: 'Unauthenticated' })
    const listed = ((await done(veza.get(keys)))['values'] as Json[]).find(({ id }) => id === made['id'])
    expect(listed).toMatchObject({ name: 'Weekly', access_key: '', status: 'INACTIVE' })
    expect(await done(veza.post(`${path}:reinstate`))).toEqual({})
    expect((await own.get(profiles)).status).toBe(200)
    expect(await done(veza.delete(path))).toEqual({})
    expect((await own.get(profiles)).status).toBe(401)
    expect((await veza.post(`${path}:reinstate`)).status).toBe(404)
  })
})
