import type { Client, Json } from '../support/client.ts'
import { hex, jsonPatch, startOrg, unique } from './org.ts'

const { world, acme, admin, made, newSource, newProfile, keyOf, names } = await startOrg()
afterAll(() => world.close())

describe('authorities', () => {
  let own: Json
  let others: Json
  let managed: string

  beforeAll(async () => {
    const group = await made('/v1/groups', { name: 'Managers of one source' })
    await admin.put(`/v1/groups/${group}/members/${acme.people.bob}`)
    managed = await newSource({ management_group_id: group })
    own = await newProfile({ source: { id: managed } })
    others = await newProfile()
  })

  /** Carol as an administrator of some kind, or Bob, who manages one source. */
  async function being(...authorities: string[]): Promise<Client> {
    const name = authorities.some((each) => each.endsWith('SUBADMIN')) ? 'bob' : 'carol'
    const { status, text } = await admin.patch(`/v1/identities/${acme.people[name]}`, { authorities })
    if (status !== 200) throw new Error(text)
    return keyOf(acme.people[name])
  }

  async function statuses(client: Client): Promise<Record<string, number>> {
    const source = await newSource()
    const body = { name: unique('p'), owner: { id: acme.people.alice }, source: { id: source }, enabled: false }
    const at = `/v3/access-profiles/${others['id']}`
    const answers = {
      list: await client.get('/v3/access-profiles'),
      get: await client.get(at),
      create: await client.post('/v3/access-profiles', body),
      patch: await client.patch(at, [{ op: 'replace', path: '/description', value: unique('d') }], jsonPatch),
      entitlements: await client.get(`${at}/entitlements`),
      bulk: await client.post('/v3/access-profiles/bulk-update-requestable', [{ id: others['id'], requestable: true }]),
    }
    return Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]))
  }

  const all = { list: 200, get: 200, create: 201, patch: 200, entitlements: 200, bulk: 207 }
  test.each([
    ['ORG_ADMIN', all],
    ['SOURCE_ADMIN', all],
    ['ROLE_ADMIN', { list: 200, get: 200, create: 201, patch: 403, entitlements: 403, bulk: 403 }],
    ['SOURCE_SUBADMIN', { list: 200, get: 404, create: 403, patch: 404, entitlements: 404, bulk: 207 }],
    ['ROLE_SUBADMIN', { list: 200, get: 404, create: 403, patch: 403, entitlements: 403, bulk: 403 }],
  ])('%s may do what the contract says, and no more', async (authority, expected) => {
    expect(await statuses(await being(authority))).toEqual(expected)
  })

  test('who is nothing may do nothing; a credential that stands for nobody may do all', async () => {
    const none = Object.fromEntries(Object.keys(all).map((name) => [name, 403]))
    expect(await statuses(await keyOf(acme.people.alice))).toEqual(none)
    expect(await statuses(admin)).toEqual(all)
  })

  test('the scope is asked for as well as the authority', async () => {
    await being('ORG_ADMIN')
    const reader = await keyOf(acme.people.carol, ['access_profiles:read'])
    expect((await reader.get('/v3/access-profiles')).status).toBe(200)
    const { status, body } = await reader.delete<Json>(`/v3/access-profiles/${others['id']}`)
    expect([status, body['detailCode']]).toEqual([403, '403 Forbidden'])
    const blind = await keyOf(acme.people.carol, ['sources:read'])
    expect((await blind.get('/v3/access-profiles')).status).toBe(403)
  })

  test('a sub-administrator sees and changes the profiles of its own sources, with and without for-subadmin', async () => {
    const bob = await being('SOURCE_SUBADMIN')
    for (const query of ['', 'for-subadmin=me', `for-subadmin=${hex(acme.people.bob)}`])
      expect(await names(query, bob)).toEqual([own['name']])
    expect((await bob.get(`/v3/access-profiles/${own['id']}`)).status).toBe(200)
    const description = [{ op: 'replace', path: '/description', value: 'mine' }]
    expect((await bob.patch(`/v3/access-profiles/${own['id']}`, description, jsonPatch)).status).toBe(200)
    const body = { name: 'Bob’s', owner: { id: acme.people.alice }, source: { id: managed }, enabled: false }
    const created = await bob.post<Json>('/v3/access-profiles', body)
    expect(created.status).toBe(201)
    const many = await bob.post('/v3/access-profiles/bulk-delete', { accessProfileIds: [created.body['id']] })
    expect(many.status).toBe(202)
    expect((await bob.get(`/v3/access-profiles?for-subadmin=${acme.people.carol}`)).status).toBe(403)
  })

  test('for-subadmin of others: what that sub-administrator sees; 400 for who is none, and for me without an identity', async () => {
    await being('SOURCE_SUBADMIN')
    await being('ORG_ADMIN')
    expect(await names(`for-subadmin=${acme.people.bob}`)).toEqual([own['name']])
    for (const who of ['me', acme.people.carol, 'nobody', hex(world.globex.people.bob)]) {
      const { status, text } = await admin.get(`/v3/access-profiles?for-subadmin=${who}`)
      expect([status, text.includes('for-subadmin')]).toEqual([400, true])
    }
  })
})
