import { Access } from './support/access.ts'
import type { Client, Json } from './support/client.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let admin: Client
let access: Access

beforeAll(async () => {
  world = await startWorld()
  admin = world.acme.admin
  access = new Access(admin)
})
afterAll(() => world.close())

const at = (profile: Json, rest = ''): string => `/v1/access-profiles/${profile['id']}${rest}`
const given = (...ids: string[]): Json => ({ entitlements: ids.map((entitlement_id) => ({ entitlement_id })) })

describe('a member of an access profile', () => {
  it('holds a grant of every entitlement that says what may be done, with the profile’s id on it', async () => {
    const source = await access.source()
    const typed = await access.entitlement({
      source_id: source, resource: { type: 'aws_account', id: '123456789012' }, action: 'ReadOnlyAccess',
    }) // prettier-ignore
    const untyped = await access.entitlement({ source_id: source, action: 'write' })
    const silent = await access.entitlement({ source_id: source, action: null })
    const profile = await access.profile([typed, untyped, silent])
    const person = await access.person()
    await access.join(profile['id'] as string, person)
    const { body } = await admin.get(`/v1/grants?grantee_id=${person}`)
    const grants = body['data'] as Json[]
    expect(grants.map(({ resource, action }) => [resource as Json, action as string])).toEqual(
      expect.arrayContaining([
        [{ type: 'aws_account', id: '123456789012' }, 'ReadOnlyAccess'],
        [{ type: 'entitlement', id: untyped }, 'write'],
      ]),
    )
    expect(grants).toHaveLength(2)
    for (const grant of grants)
      expect(grant).toMatchObject({
        access_profile_id: profile['id'],
        request_id: null,
        expires_at: null,
        status: 'active',
      })
    expect((await admin.get(at(profile, '/entitlements'))).body['data']).toContainEqual(
      expect.objectContaining({ id: silent, grantable: false }),
    )
  })

  it('loses what a new version no longer gives, gets what it gives, and keeps the rest untouched', async () => {
    const [a, b, c] = [await access.entitlement(), await access.entitlement(), await access.entitlement()]
    const profile = await access.profile([a, b])
    const person = await access.person()
    await access.join(profile['id'] as string, person)
    const before = (await admin.get(`/v1/grants?grantee_id=${person}`)).body['data'] as Json[]
    await admin.patch(at(profile), given(b, c))
    const after = (await admin.get(`/v1/grants?grantee_id=${person}`)).body['data'] as Json[]
    const of = (grants: Json[], id: string): Json | undefined => grants.find((grant) => grant['entitlement_id'] === id)
    expect(of(after, b)).toEqual(of(before, b))
    expect(of(after, c)).toMatchObject({ status: 'active' })
    expect(of(after, a)).toMatchObject({ status: 'revoked', revoke: { reason: 'access_profile' } })
    const { body: log } = await admin.get(`/v1/audit-log?resource_id=${of(after, a)?.['id']}`)
    expect((log['data'] as Json[]).map((entry) => entry['action'] as string).toSorted()).toEqual([
      'grant.created', 'grant.revoked',
    ]) // prettier-ignore
  })

  it('gets what is inherited, as soon as the profile above gives it, and loses it when that one is paused', async () => {
    const [a, b] = [await access.entitlement(), await access.entitlement()]
    const base = await access.profile([a])
    const middle = await access.profile([], { inherits: [base['id']] })
    const role = await access.profile([], { inherits: [middle['id']] })
    const person = await access.person()
    await access.join(role['id'] as string, person)
    expect(await access.held(person)).toEqual([a])
    await admin.patch(at(base), given(a, b))
    expect(await access.held(person)).toEqual([a, b].toSorted())
    await admin.patch(at(middle), { state: 'paused' })
    expect(await access.held(person)).toEqual([])
    await admin.patch(at(middle), { state: 'running' })
    expect(await access.held(person)).toEqual([a, b].toSorted())
  })

  it('of two profiles that give the same holds it until both have ended', async () => {
    const e = await access.entitlement()
    const [one, two] = [await access.profile([e]), await access.profile([e])]
    const person = await access.person()
    await access.join(one['id'] as string, person)
    await access.join(two['id'] as string, person)
    expect(await access.held(person)).toEqual([e, e])
    await admin.delete(at(one, `/members/${person}`))
    expect(await access.held(person)).toEqual([e])
    const { body } = await admin.get(`/v1/audit-log?action=grant.revoked&limit=1`)
    expect((body['data'] as Json[])[0]?.['metadata']).toEqual({ access_ended: false, reason: 'access_profile' })
    await admin.delete(at(two, `/members/${person}`))
    expect(await access.held(person)).toEqual([])
  })

  it('does not get back what somebody revoked, unless it joins anew', async () => {
    const [a, b] = [await access.entitlement(), await access.entitlement()]
    const profile = await access.profile([a])
    const person = await access.person()
    await access.join(profile['id'] as string, person)
    const [grant] = (await admin.get(`/v1/grants?grantee_id=${person}`)).body['data'] as [Json]
    await admin.post(`/v1/grants/${grant['id']}/revocation`, { reason: 'compromised' })
    await admin.patch(at(profile), given(a, b))
    expect(await access.held(person)).toEqual([b])
    await admin.delete(at(profile, `/members/${person}`))
    await access.join(profile['id'] as string, person)
    expect(await access.held(person)).toEqual([a, b].toSorted())
  })

  it('that is not active gets nothing new', async () => {
    const [a, b] = [await access.entitlement(), await access.entitlement()]
    const profile = await access.profile([a])
    const [gone, other] = [await access.person(), await access.person()]
    await access.join(profile['id'] as string, gone)
    await admin.patch(`/v1/identities/${gone}`, { lifecycle_state: 'inactive' })
    await admin.patch(`/v1/identities/${other}`, { lifecycle_state: 'inactive' })
    await admin.patch(at(profile), given(a, b))
    expect(await access.held(gone)).toEqual([a])
    const { body } = await admin.post(at(profile, '/members'), { identity_ids: [other] })
    expect(body['items']).toMatchObject([{ outcome: 'failed', error: { code: 'invalid_state' } }])
  })
})

describe('members', () => {
  it('are added each for itself, and the answer says what became of each', async () => {
    const profile = await access.profile([await access.entitlement()])
    const [member, stranger] = [await access.person(), '019a0000-0000-7000-8000-00000000dead']
    await access.join(profile['id'] as string, member)
    const fresh = await access.person()
    const { body } = await admin.post(at(profile, '/members'), { identity_ids: [member, stranger, fresh] })
    expect(body['items']).toMatchObject([
      { identity_id: member, outcome: 'unchanged' },
      { identity_id: stranger, outcome: 'failed', error: { code: 'not_found' } },
      { identity_id: fresh, outcome: 'added' },
    ])
    const { body: list } = await admin.get(at(profile, '/members'))
    expect((list['data'] as Json[]).map((each) => each['identity_id'] as string)).toEqual([fresh, member])
    expect((await admin.delete(at(profile, `/members/${stranger}`))).status).toBe(404)
  })

  it('that are not active any more stay members when they are added again, which changes nothing', async () => {
    const profile = await access.profile([await access.entitlement()])
    const [member, fresh] = [await access.person(), await access.person()]
    await access.join(profile['id'] as string, member)
    await admin.patch(`/v1/identities/${member}`, { lifecycle_state: 'inactive' })
    const body = { type: 'ADD', identity_ids: [member, fresh] }
    const path = `/api/private/lifecycle_management/access_profiles/${profile['id']}/versions/1/members`
    expect((await admin.put(path, body)).status).toBe(200)
    expect((await admin.post(at(profile, '/members'), { identity_ids: [member, fresh] })).body['items']).toEqual([
      { identity_id: member, outcome: 'unchanged' },
      { identity_id: fresh, outcome: 'unchanged' },
    ])
  })

  it('that are added by many at once have one grant of each entitlement', async () => {
    const e = await access.entitlement()
    const profile = await access.profile([e])
    const person = await access.person()
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => admin.post(at(profile, '/members'), { identity_ids: [person] })),
    )
    expect(answers.map(({ body }) => (body['items'] as Json[])[0]?.['outcome'] as string).toSorted()).toEqual([
      'added', 'unchanged', 'unchanged', 'unchanged',
    ]) // prettier-ignore
    expect(await access.held(person)).toEqual([e])
  })

  it('join and leave in the outbox, with their grants', async () => {
    const profile = await access.profile([await access.entitlement()])
    const person = await access.person()
    await access.join(profile['id'] as string, person)
    await admin.delete(at(profile, `/members/${person}`))
    const rows = await world.asOwner<{ type: string }>(
      `select type from events where data->>'identity_id' = $1 or data->>'grantee_id' = $1 order by seq`,
      [person],
    )
    expect(rows.map(({ type }) => type)).toEqual([
      'access_profile.member_added', 'grant.created', 'access_profile.member_removed', 'grant.revoked',
    ]) // prettier-ignore
  })
})

describe('a sub-administrator', () => {
  it('sees and changes the profiles of the sources that it manages, and no others', async () => {
    const person = await access.person({ authorities: ['SOURCE_SUBADMIN'] })
    const group = await access.group()
    await admin.put(`/v1/groups/${group}/members/${person}`)
    const [own, other] = [await access.source({ management_group_id: group }), await access.source()]
    const [mine, theirs] = [
      await access.entitlement({ source_id: own }),
      await access.entitlement({ source_id: other }),
    ]
    const [visible, hidden] = [await access.profile([mine]), await access.profile([theirs])]
    const { body: key } = await admin.post('/v1/api-keys', {
      name: 'sub', scopes: ['access_profiles:read', 'access_profiles:write'], identity_id: person,
    }) // prettier-ignore
    const sub = admin.with({ 'x-api-key': key['key'] as string })

    const { body: list } = await sub.get('/v1/access-profiles')
    expect((list['data'] as Json[]).map(({ id }) => id as string)).toEqual([visible['id']])
    for (const rest of ['', '/versions', '/versions/1', '/members', '/entitlements', '/usage']) {
      expect((await sub.get(at(visible, rest))).status).toBe(200)
      expect((await sub.get(at(hidden, rest))).status).toBe(404)
    }
    expect((await sub.patch(at(hidden), { labels: ['x'] })).status).toBe(404)
    expect((await sub.delete(at(hidden))).status).toBe(404)
    expect((await sub.post(at(hidden, '/versions'))).status).toBe(404)
    expect((await sub.post(at(hidden, '/members'), { identity_ids: [person] })).status).toBe(404)

    expect((await sub.patch(at(visible), { labels: ['x'] })).status).toBe(200)
    expect((await sub.patch(at(visible), given(theirs))).status).toBe(403)
    expect((await sub.patch(at(visible), { inherits: [hidden['id']] })).status).toBe(403)
    expect((await sub.patch(at(visible), given(mine, theirs))).status).toBe(403)
    expect((await admin.get(at(visible))).body).toMatchObject({
      entitlements: [{ entitlement_id: mine }],
      labels: ['x'],
    })
    expect((await sub.post('/v1/access-profiles', { name: 'sub made', ...given(mine) })).status).toBe(201)
    expect((await sub.post('/v1/access-profiles', { name: 'sub reached', ...given(theirs) })).status).toBe(403)
    expect((await sub.post('/v1/access-profiles', { name: 'sub sourceless' })).status).toBe(403)
    expect((await admin.get('/v1/access-profiles?name=sub%20reached')).body['data']).toEqual([])
  })
})
