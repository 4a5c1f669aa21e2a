import { Access } from '../support/access.ts'
import type { Json } from '../support/client.ts'
import { hex, startOrg } from './org.ts'

const { world, admin, made, newProfile, keyOf } = await startOrg()
afterAll(() => world.close())

const access = new Access(admin)

/** A profile that two people hold, each by a grant. */
async function held(): Promise<{ id: string; people: string[] }> {
  const { id } = await access.profile([await access.entitlement()])
  const people = [await access.person(), await access.person()]
  await access.join(id as string, ...people)
  return { id: id as string, people }
}

async function actionsOn(resource: string): Promise<string[]> {
  const { body } = await admin.get(`/v1/audit-log?resource_id=${resource}&limit=100`)
  return (body['data'] as Json[]).map((entry) => entry['action'] as string)
}

describe('deleting what people hold', () => {
  test('ends their memberships and revokes their grants, each written down', async () => {
    const { id, people } = await held()
    const [grant] = (await admin.get(`/v1/grants?grantee_id=${people[0]}`)).body['data'] as [Json]
    expect((await admin.delete(`/v3/access-profiles/${hex(id)}`)).status).toBe(204)
    for (const person of people) expect(await access.held(person)).toEqual([])
    expect((await admin.get(`/v1/grants/${grant['id']}`)).body).toMatchObject({
      status: 'revoked', access_profile_id: id, revoke: { reason: 'access_profile' },
    }) // prettier-ignore
    expect(await actionsOn(grant['id'] as string)).toEqual(['grant.revoked', 'grant.created'])
    expect((await actionsOn(id)).slice(0, 3)).toEqual([
      'access_profile.deleted', 'access_profile.member_removed', 'access_profile.member_removed',
    ]) // prettier-ignore
    expect((await admin.get(`/v1/access-profiles/${id}`)).status).toBe(404)
  })

  test('in bulk does so too', async () => {
    const [one, two] = [await held(), await held()]
    const { status, body } = await admin.post('/v3/access-profiles/bulk-delete', { accessProfileIds: [one.id, two.id] })
    expect([status, body['inUse'], (body['pending'] as string[]).toSorted()]).toEqual([
      202, [], [one.id, two.id].map(hex).toSorted(),
    ]) // prettier-ignore
    for (const person of [...one.people, ...two.people]) expect(await access.held(person)).toEqual([])
  })

  test('is refused while a role uses it, and then nobody loses anything', async () => {
    const { id, people } = await held()
    await made('/v1/access-profiles', { name: `Role over ${id}`, inherits: [id] })
    const { status, body } = await admin.delete<Json>(`/v3/access-profiles/${id}`)
    expect([status, body['detailCode']]).toEqual([400, '400.2.1.0 Object in use by another'])
    expect((body['causes'] as Json[]).map(({ text }) => text as string)).toEqual([
      expect.stringMatching(`^Used by the role "Role over ${id}"`),
    ])
    for (const person of people) expect(await access.held(person)).toHaveLength(1)
  })

  test('is refused under /v1, which says who holds it', async () => {
    const { id, people } = await held()
    const { status, body } = await admin.delete(`/v1/access-profiles/${id}`)
    expect([status, body['code']]).toEqual([409, 'in_use'])
    expect((body['details'].users as Json[]).map(({ id: each }) => each as string)).toEqual(people)
  })
})

test('a sub-administrator deletes nothing that is not of its sources', async () => {
  const bob = await access.person({ authorities: ['SOURCE_SUBADMIN'] })
  const client = await keyOf(bob)
  const { id } = await newProfile()
  expect((await client.delete(`/v3/access-profiles/${id}`)).status).toBe(404)
  const many = await client.post<Json>('/v3/access-profiles/bulk-delete', { accessProfileIds: [id] })
  expect([many.status, many.body['detailCode']]).toEqual([400, '400.1.404 Referenced object not found'])
  expect((await admin.get(`/v3/access-profiles/${id}`)).status).toBe(200)
})

test('governance groups are deleted each by itself, with an Idempotency-Key as without one', async () => {
  const ids = await Promise.all(['Free', 'Used', 'Last'].map((name) => made('/v1/groups', { name })))
  await made('/v1/sources', { name: 'Managed', connector: 'sql', management_group_id: ids[1] })
  const key = { 'idempotency-key': 'groups-of-last-year' }
  const first = await admin.post<Json[]>('/v2025/workgroups/bulk-delete', { ids }, key)
  expect([first.status, first.body.map(({ status }) => status as number)]).toEqual([207, [204, 409, 204]])
  const again = await admin.post<Json[]>('/v2025/workgroups/bulk-delete', { ids }, key)
  expect([again.status, again.body]).toEqual([207, first.body])
  const found = await Promise.all(ids.map(async (id) => (await admin.get(`/v1/groups/${id}`)).status))
  expect(found).toEqual([404, 200, 404])
})
