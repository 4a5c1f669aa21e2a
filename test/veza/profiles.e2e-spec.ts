import { done, type Json } from '../support/client.ts'
import { plain, profiles, sales, startOrg, types, unique } from './org.ts'

const org = await startOrg()
afterAll(() => org.world.close())

const { admin, entitlements, newProfile, sources, veza } = org

const total = async (): Promise<number> =>
  ((await done(veza.get(`${profiles}?page_size=100`)))['values'] as Json[]).length

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
            created_at: (entitlements.sales['created_at'] as string).replace('Z', '000000Z'),
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

  it('tells every time in UTC to the nanosecond; one in an object of free form is a text', async () => {
    const seen = '2024-04-12T15:29:36.709931506Z'
    const made = await newProfile({ custom_properties: { seen } })
    expect(made['custom_properties']).toEqual({ seen })
    const { current_version: version } = made
    const [entity] = (version as Json)['entities_to_create_relationships_to'] as [Json]
    const times = [made, version as Json, entity].flatMap((object) =>
      Object.entries(object).flatMap(([name, value]) =>
        name.endsWith('_at') && value !== null ? [value as string] : [],
      ),
    )
    expect(times).toHaveLength(7)
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
    const created = made['created_at'] as string
    const later = created.replace('000000Z', '999999Z')
    for (const test of [`eq "${created}"`, `lt "${later}"`]) {
      const filter = encodeURIComponent(`created_at ${test} and name eq "${made['name']}"`)
      expect((await done(veza.get(`${profiles}?filter=${filter}`)))['values']).toHaveLength(1)
    }
  })

  it('was made no later than it was published and started', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { created_at, started_at, current_version } = await newProfile()
      const version = current_version as Json
      const times = [created_at, started_at, version['created_at'], version['published_at'], version['updated_at']]
      expect(times).toEqual(times.toSorted())
    }
  })

  it('is refused with an entity that no datasource knows, by its place, and nothing is made', async () => {
    const before = await total()
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
    expect(await total()).toBe(before)
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
    expect(await newProfile({ profile_type: type['id'], state: 'PAUSED' })).toMatchObject({ draft_version_number: 1 })
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
