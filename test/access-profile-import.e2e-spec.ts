import { jest } from '@jest/globals'
import { Database } from '#platform'
import type { Answer, Client, Json } from './support/client.ts'
import { newTenant, startWorld, type TestTenant, type World } from './support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

let tenants = 0
const freshTenant = (): Promise<TestTenant> => newTenant(world, `profiles-${++tenants}`)

function send(client: Client, lines: readonly Json[]): Promise<Answer<Json>> {
  const body = lines.map((line) => JSON.stringify(line)).join('\n')
  return client.post('/v1/imports', Buffer.from(body), { 'content-type': 'application/x-ndjson' })
}

const directory: readonly Json[] = [
  { type: 'identity', external_id: 'ada', name: 'ada' },
  { type: 'identity', external_id: 'grace', name: 'grace' },
  { type: 'source', external_id: 'git', name: 'git', connector: 'github' },
  { type: 'source', external_id: 'aws', name: 'aws', connector: 'aws' },
  { type: 'group', external_id: 'owners', name: 'owners', members: ['ada'] },
  ...['read', 'write', 'admin'].map((action) => ({
    type: 'entitlement', external_id: `repo:${action}`, source: 'git', name: `repo ${action}`, action,
  })),
  { type: 'entitlement', external_id: 'account', source: 'aws', name: 'account', action: 'assume' },
] // prettier-ignore

const profile = (external_id: string, fields: Json = {}): Json => ({
  type: 'access_profile', external_id, name: `Profile ${external_id}`, entitlements: [], ...fields,
}) // prettier-ignore
const assignment = (access_profile: string, identity: string): Json => ({
  type: 'assignment',
  access_profile,
  identity,
})

const messages = ({ body }: Answer<Json>): string[] =>
  (body['failures'] as Json[]).map(({ line, code, message }) => `${line} ${code} ${message}`)

async function first(client: Client, path: string): Promise<Json> {
  return ((await client.get(path)).body['data'] as [Json])[0]
}

async function entries(tenant: TestTenant): Promise<number> {
  const [row] = await world.asOwner<{ n: number }>('select count(*)::int as n from audit_log where tenant_id = $1', [
    tenant.id,
  ])
  return row?.n ?? 0
}

async function grantsOf(tenant: TestTenant, external_id: string): Promise<string[]> {
  const rows = await world.asOwner<{ name: string }>(
    `select e.external_id as name from grants g join identities i on (i.tenant_id, i.id) = (g.tenant_id, g.grantee_id)
       join entitlements e on (e.tenant_id, e.id) = (g.tenant_id, g.entitlement_id)
     where g.tenant_id = $1 and i.external_id = $2 and g.state = 'active' order by 1`,
    [tenant.id, external_id],
  )
  return rows.map(({ name }) => name)
}

describe('access profiles and assignments of a file', () => {
  const lines = [
    profile('admin', {
      description: 'All of it', owner: 'ada', source: 'git', entitlements: ['repo:write', 'repo:read', 'repo:read'],
      enabled: true, requestable: false, labels: ['closed'], inherits: [],
      approval_schemes: [{ approver_type: 'MANAGER' }, { approver_type: 'GOVERNANCE_GROUP', group: 'owners' }],
    }),
    profile('lead', { inherits: ['admin', 'later'], entitlements: ['account'] }),
    profile('later', { entitlements: ['repo:admin'] }),
    assignment('lead', 'grace'),
    assignment('admin', 'ada'),
  ] // prettier-ignore

  it('are stored with what they refer to, members get their grants, and the second time nothing changes', async () => {
    const tenant = await freshTenant()
    const answer = await send(tenant.admin, [...directory, ...lines])
    expect([answer.body['failures'], answer.body['total']]).toMatchObject([[], { created: 14, deferred: 0 }])
    const { id: owner } = await first(tenant.admin, '/v1/identities?external_id=ada')
    const { id: group } = await first(tenant.admin, '/v1/groups?external_id=owners')
    const { id: source } = await first(tenant.admin, '/v1/sources?external_id=git')
    expect(await first(tenant.admin, '/v1/access-profiles?external_id=admin')).toMatchObject({
      name: 'Profile admin', description: 'All of it', owner_id: owner, source_id: source, state: 'running',
      requestable: false, labels: ['closed'], published_version: 1, version: 1,
      request_config: { approval_schemes: [{ approver_type: 'MANAGER' }, { approver_id: group }] },
    }) // prettier-ignore
    expect(await grantsOf(tenant, 'ada')).toEqual(['repo:read', 'repo:write'])
    expect(await grantsOf(tenant, 'grace')).toEqual(['account', 'repo:admin', 'repo:read', 'repo:write'])

    const before = await entries(tenant)
    const second = await send(tenant.admin, [...directory, ...lines])
    expect(second.body['total']).toMatchObject({ created: 0, updated: 0, unchanged: 14, failed: 0 })
    expect(await entries(tenant)).toBe(before)
  })

  it('publish what they give otherwise than before, and their members’ grants follow', async () => {
    const tenant = await freshTenant()
    await send(tenant.admin, [...directory, ...lines])
    const changed = await send(tenant.admin, [
      profile('admin', { entitlements: ['repo:read', 'repo:admin'], name: 'Renamed', enabled: true }),
      profile('later', { entitlements: ['repo:admin'], enabled: false }),
      assignment('admin', 'grace'),
    ])
    expect([changed.body['failures'], changed.body['total']]).toMatchObject([[], { created: 1, updated: 2 }])
    const { body: before } = await tenant.admin.get(
      `/v1/access-profiles/${(await first(tenant.admin, '/v1/access-profiles?external_id=admin'))['id']}/versions`,
    )
    expect((before['data'] as Json[]).map(({ number, state }) => [number as number, state as string])).toEqual([
      [2, 'published'], [1, 'retired'],
    ]) // prettier-ignore
    expect(await first(tenant.admin, '/v1/access-profiles?external_id=admin')).toMatchObject({
      name: 'Renamed', description: 'All of it', labels: ['closed'], requestable: false,
    }) // prettier-ignore
    expect(await grantsOf(tenant, 'ada')).toEqual(['repo:admin', 'repo:read'])
    expect(await grantsOf(tenant, 'grace')).toEqual(['account', 'repo:admin', 'repo:admin', 'repo:read', 'repo:read'])
    const kept = await first(tenant.admin, '/v1/access-profiles?external_id=later')
    expect(kept).toMatchObject({ state: 'paused', started_at: null })
  })

  it('that cannot be stored are reported by line, and the others are', async () => {
    const tenant = await freshTenant()
    await send(tenant.admin, directory)
    const bad = await send(tenant.admin, [
      profile('nobodys', { owner: 'nobody' }),
      profile('mixed', { source: 'git', entitlements: ['account'] }),
      profile('orphan', { inherits: ['nothing'], entitlements: ['account'] }),
      profile('idle', { enabled: true }),
      profile('first', { name: 'Same name' }),
      profile('second', { name: 'same NAME' }),
      profile('ring', { inherits: ['ring'] }),
      { ...profile('good', { entitlements: ['account'] }), id: '2c9180a46d1e4b5e016d1e1f2a3b4c5d' },
      assignment('good', 'nobody'),
      assignment('nothing', 'ada'),
      assignment('good', 'ada'),
      assignment('good', 'ada'),
    ])
    expect(bad.body['total']).toMatchObject({ created: 3, failed: 9 })
    expect(messages(bad)).toEqual([
      expect.stringMatching(/^1 invalid_body owner: no identity/),
      expect.stringMatching(/^2 invalid_body entitlements: /),
      expect.stringMatching(/^3 invalid_body inherits: no access_profile has the external id "nothing"/),
      expect.stringMatching(/^4 invalid_body state: a running profile/),
      expect.stringMatching(/^6 already_exists name: /),
      expect.stringMatching(/^7 invalid_body inherits: /),
      expect.stringMatching(/^9 invalid_body identity: no identity/),
      expect.stringMatching(/^10 invalid_body access_profile: no access_profile/),
      expect.stringMatching(/^12 already_exists /),
    ])
    expect((await tenant.admin.get('/v1/access-profiles/2c9180a4-6d1e-4b5e-016d-1e1f2a3b4c5d')).body).toMatchObject({
      external_id: 'good',
    })
  })

  it('exchange their names', async () => {
    const tenant = await freshTenant()
    const named = (one: string, other: string): Json[] => [
      profile('one', { name: one, entitlements: ['account'] }),
      profile('other', { name: other, entitlements: ['account'] }),
    ]
    await send(tenant.admin, [...directory, ...named('First', 'Second')])
    const answer = await send(tenant.admin, named('SECOND', 'First'))
    expect(answer.body).toMatchObject({ total: { updated: 2, failed: 0 } })
    expect(await first(tenant.admin, '/v1/access-profiles?external_id=one')).toMatchObject({ name: 'SECOND' })
    expect(await first(tenant.admin, '/v1/access-profiles?external_id=other')).toMatchObject({ name: 'First' })
  })

  it('never lead in a circle: the lines that would close one fail alone', async () => {
    const tenant = await freshTenant()
    await send(tenant.admin, [
      ...directory,
      ...['a', 'b', 'c', 'd'].map((name) => profile(name, { entitlements: ['account'] })),
    ])
    const answer = await send(tenant.admin, [
      profile('a', { inherits: ['b'], entitlements: ['account'] }),
      profile('b', { inherits: ['c'], entitlements: ['account'] }),
      profile('c', { inherits: ['a'], entitlements: ['account'] }),
      profile('d', { inherits: ['a'], entitlements: ['account'] }),
    ])
    expect(answer.body['total']).toMatchObject({ updated: 3, failed: 1 })
    expect(messages(answer)[0]).toMatch(/would inherit from itself/)
  })

  it('of a type keep to its rules, and to the names that it gives', async () => {
    const tenant = await freshTenant()
    const line = (fields: Json = {}): Json => profile('typed', { entitlements: ['repo:read'], ...fields })
    await send(tenant.admin, [...directory, line()])
    const { id } = await first(tenant.admin, '/v1/access-profiles?external_id=typed')
    const rules = { require_single_integration: true, add_integration_prefix_to_access_profile_names: true }
    const type = await tenant.admin.post('/v1/access-profile-types', { name: 'One', max_entitlements: 1, ...rules })
    await tenant.admin.patch(`/v1/access-profiles/${id}`, { type_id: type.body['id'] })
    const typed = (await tenant.admin.get(`/v1/access-profiles/${id}`)).body
    expect(typed['name']).toBe('GITHUB: Profile typed')

    expect((await send(tenant.admin, [line()])).body['total']).toMatchObject({ unchanged: 1 })
    const entitlements = ['repo:read', 'repo:write']
    const refused = await send(tenant.admin, [line({ entitlements }), profile('free', { entitlements })])
    expect(messages(refused)).toEqual([
      expect.stringMatching(/^1 invalid_body entitlements: a profile of the type "One" gives at most 1 /),
    ])
    expect(refused.body['total']).toMatchObject({ created: 1, failed: 1 })
    expect((await tenant.admin.get(`/v1/access-profiles/${id}`)).body).toEqual(typed)

    await send(tenant.admin, [line({ name: 'Builder', entitlements: ['account'] })])
    expect((await tenant.admin.get(`/v1/access-profiles/${id}`)).body).toMatchObject({
      name: 'AWS: Builder',
      published_version: 2,
    })
  })

  it('of a type are changed in as many queries as one is', async () => {
    const tenant = await freshTenant()
    const typed = (count: number, entitlements: string[]): Json[] =>
      Array.from({ length: count }, (_, n) => profile(`typed-${n}`, { entitlements }))
    await send(tenant.admin, [...directory, ...typed(20, ['repo:read'])])
    const rules = { require_single_integration: true, add_integration_prefix_to_access_profile_names: true }
    const type = await tenant.admin.post('/v1/access-profile-types', { name: 'Many', ...rules })
    const { body } = await tenant.admin.get('/v1/access-profiles?limit=50')
    for (const { id } of body['data'] as Json[])
      await tenant.admin.patch(`/v1/access-profiles/${id}`, { type_id: type.body['id'] })

    const queries = jest.spyOn(world.app.get(Database), 'query')
    const asked = async (count: number, entitlements: string[]): Promise<number> => {
      queries.mockClear()
      const { body: report } = await send(tenant.admin, typed(count, entitlements))
      expect(report['total']).toMatchObject({ updated: count, failed: 0 })
      return queries.mock.calls.length
    }
    const one = await asked(1, ['repo:write'])
    expect(await asked(20, ['repo:read', 'repo:write'])).toBe(one)
    queries.mockRestore()
  })

  it('are each tenant’s own: one file in two tenants makes two of everything', async () => {
    const [one, two] = [await freshTenant(), await freshTenant()]
    await send(one.admin, [...directory, ...lines])
    const second = await send(two.admin, [...directory, ...lines])
    expect(second.body['total']).toMatchObject({ created: 14, failed: 0 })
    expect(await grantsOf(two, 'ada')).toEqual(['repo:read', 'repo:write'])
  })
})
