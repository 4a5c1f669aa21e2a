import { Client, done, type Json } from '../support/client.ts'
import { plain, profiles, startOrg, types, unique } from './org.ts'

const org = await startOrg()
afterAll(() => org.world.close())

const { veza, world } = org

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
    expect((await done(veza.patch(path, renamed['value'])))['value']).toEqual(renamed['value'])
    expect(await done(veza.patch(`${path}?update_mask=name`, { name: 'Weekly' }))).toEqual(renamed)
    expect((await veza.patch(`${path}?update_mask=status`, { name: 'Daily' })).status).toBe(400)
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

  it('has no other verbs, and says what its address answers', async () => {
    const { status, body } = await veza.post(`${keys}/019a0000-0000-7000-8000-00000000dead:surprise`)
    expect([status, body['code'], body['message']]).toEqual([
      405,
      'Unimplemented',
      expect.stringContaining('answers PATCH, DELETE, not POST'),
    ])
    expect((await veza.get(`${keys}/019a0000-0000-7000-8000-00000000dead:revoke`)).body).toMatchObject({
      message: expect.stringContaining('POST') as unknown,
    })
  })
})
