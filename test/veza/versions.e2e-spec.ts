import { done, type Answer, type Json } from '../support/client.ts'
import { profiles, role, sales, startOrg } from './org.ts'

const org = await startOrg()
afterAll(() => org.world.close())

const { admin, entitlements, newProfile, openType, sources, veza, world } = org

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

  it('is taken back as it was read, which makes no draft of it', async () => {
    const made = await newProfile()
    const path = `${profiles}/${made['id']}/versions/1`
    const read = (await done(veza.get(path)))['value'] as Json
    expect((await done(veza.patch(path, read)))['value']).toEqual(read)
    expect((await done(veza.patch(`${path}?update_mask=*`, read)))['value']).toEqual(read)
    expect((await done(veza.get(`${profiles}/${made['id']}`)))['value']).toMatchObject({ draft_version_number: 0 })
  })

  it('that came another way is taken back as it was read as well', async () => {
    const { id } = await done(
      admin.post('/v1/access-profiles', {
        name: 'Came another way',
        entitlements: Object.values(entitlements).map((each) => ({ entitlement_id: each['id'] as string })),
      }),
    )
    const path = `${profiles}/${id}/versions/1`
    const read = (await done(veza.get(path)))['value'] as Json
    expect((await done(veza.patch(path, read)))['value']).toEqual(read)
  })

  it('whose systems call its entities otherwise by now is taken back as it was read', async () => {
    const source = await done(admin.post('/v1/sources', { name: 'Moved', connector: 'salesforce', external_id: 'old' }))
    const one = { source_id: source['id'], name: 'One', external_id: 'moved:one', value: 'before' }
    const { id } = await done(admin.post('/v1/entitlements', one))
    const entity = { entity_type: 'Group', datasource_id: 'old', entity_id: 'before' }
    const made = await newProfile({ entities_to_create_relationships_to: [entity] })
    const path = `${profiles}/${made['id']}/versions/1`
    const read = async (): Promise<Json> => (await done(veza.get(path)))['value'] as Json
    expect(await read()).toMatchObject({ entities_to_create_relationships_to: [entity] })
    await done(admin.patch(`/v1/sources/${source['id']}`, { external_id: 'new' }))
    await done(admin.patch(`/v1/entitlements/${id}`, { value: 'after' }))
    const now = await read()
    expect(now).toMatchObject({
      entities_to_create_relationships_to: [{ ...entity, datasource_id: source['id'], entity_id: 'moved:one' }],
    })
    const { entities_to_create_relationships_to } = now
    expect((await done(veza.patch(path, now)))['value']).toMatchObject({ entities_to_create_relationships_to })
    const found = await done(
      veza.get(`${profiles}?filter=${encodeURIComponent(`datasource_ids eq "${source['id']}"`)}`),
    )
    expect(found['values']).toMatchObject([{ id: made['id'], datasource_ids: [source['id']] }])
  })

  it('that is retired shows an entity whose entitlement was deleted since', async () => {
    const { id } = await done(
      admin.post('/v1/entitlements', { source_id: sources.crm['id'], name: 'Doomed', external_id: 'crm:doomed' }),
    )
    const doomed = sales({ entity_id: 'crm:doomed' })
    const made = await newProfile({ entities_to_create_relationships_to: [sales(), doomed] })
    const path = `${profiles}/${made['id']}/versions`
    await done(veza.patch(`${path}/1`, { entities_to_create_relationships_to: [sales()], state: 'PUBLISHED' }))
    expect((await admin.delete(`/v1/entitlements/${id}`)).status).toBe(204)
    const shown = { ...doomed, entity_id: id as string, entity_name: '', provider_id: '', created_at: null }
    for (const version of [
      (await done(veza.get(`${path}/1`)))['value'],
      ((await done(veza.get(path)))['values'] as Json[])[1],
    ])
      expect(version).toMatchObject({ state: 'RETIRED', entities_to_create_relationships_to: [sales(), shown] })
  })

  it('whose entities were given under /v1 with details of other types reads as what they can be', async () => {
    const details = {
      grant_by: 2,
      condition: { type: 1, condition_string: 'a pr' },
      custom_properties: 'none',
      sync_identity_action: 7,
    }
    const { id } = await done(
      admin.post('/v1/access-profiles', {
        name: 'Free details',
        entitlements: [{ entitlement_id: entitlements.sales['id'], details }],
      }),
    )
    const { value } = (await done(veza.get(`${profiles}/${id}/versions/1`))) as { value: Json }
    expect(value['entities_to_create_relationships_to']).toMatchObject([
      {
        grant_by: 'CONDITION',
        condition: { type: 'SCIM_FILTER', condition_string: 'a pr' },
        custom_properties: {},
        sync_identity_action: null,
      },
    ])
  })

  it('of which a draft is changed to what it says already does not change', async () => {
    const made = await newProfile()
    const path = `${profiles}/${made['id']}/versions`
    const body = {
      entities_to_create_relationships_to: [
        sales({ grant_by: 'CONDITION', condition: { type: 'EXPRESSION', condition_string: 'x' } }),
      ],
    }
    const draft = await done(veza.post(path, body))
    const entries = async (): Promise<number> =>
      (await world.asOwner<{ n: number }>('select count(*)::int as n from audit_log'))[0]?.n ?? 0
    const before = await entries()
    expect(await done(veza.patch(`${path}/2`, body))).toEqual(draft)
    expect(await entries()).toBe(before)
  })

  it('takes its own policy for requests, and gives it up again', async () => {
    const made = await newProfile()
    const path = `${profiles}/${made['id']}/versions`
    const policy = '019a0000-0000-7000-8000-000000000077'
    const set = await done(veza.patch(`${path}/1`, { access_request_policy_id: policy, state: 'PUBLISHED' }))
    expect(set['value']).toMatchObject({ version_number: 2, access_request_policy_id: policy })
    const unset = await done(veza.patch(`${path}/2?update_mask=access_request_policy_id`, {}))
    expect(unset['value']).toMatchObject({ version_number: 3, state: 'DRAFT', access_request_policy_id: '' })
    for (const wrong of ['x', policy.slice(1)])
      expect((await veza.patch(`${path}/3`, { access_request_policy_id: wrong })).body).toMatchObject({
        message: 'access_request_policy_id must be a uuid, or empty',
      })
  })

  it.each<[string, (path: string) => Promise<Answer<Json>>]>([
    ['the verb', (path) => veza.post(`${path}:publish`)],
    ['its state', (path) => veza.patch(path, { state: 'PUBLISHED' })],
    ['its state in a mask', (path) => veza.patch(`${path}?update_mask=state`, { state: 2, members: [] })],
  ])('is published by %s once, however many ask at the same time', async (_, publish) => {
    const made = await newProfile({ profile_type: await openType() })
    const path = `${profiles}/${made['id']}/versions`
    await done(
      veza.post(path, {
        entities_to_create_relationships_to: [],
        application_datasource_id: '',
        inherit_entities_from_access_profiles: [(await newProfile())['id']],
      }),
    )
    const answers = await Promise.all(Array.from({ length: 5 }, () => publish(`${path}/2`)))
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
    expect((await update(1, [alice, 'bob'])).body).toMatchObject({ message: 'identity_ids.1 must be a uuid' })
    expect((await update(1, [alice, null as unknown as string])).body).toMatchObject({
      message: 'identity_ids.1 must be a uuid',
    })
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
