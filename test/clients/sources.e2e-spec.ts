import { Paginator, SourcesApi, type Source } from 'sailpoint-api-client'
import type { Json } from '../support/client.ts'
import { newTenant, type TestTenant } from '../support/world.ts'
import { startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex, refusal } from './support/refusal.ts'
import { configurationFor, configurationOf } from './support/sailpoint.ts'

/* The official client drives every operation on sources. */

const contract = new Contract('neighbours.v3.latest.openapi.json')

const { world, acme, configuration } = await startClientWorld()
afterAll(() => world.close())

const api = new SourcesApi(configuration)
let count = 0
const owner = (): Json => ({ type: 'IDENTITY', id: hex(acme.people.alice), name: 'alice' })

async function create(more: Json = {}): Promise<Source & { id: string }> {
  const source = { name: `Source ${++count}`, owner: owner(), connector: 'active-directory', ...more } as Source
  const { status, data } = await api.createSource({ source })
  expect([status, contract.problem('Source', data)]).toEqual([201, null])
  return data as Source & { id: string }
}

test('what is posted comes back, with the names of now and what was left out filled in', async () => {
  const group = (await acme.admin.post('/v1/groups', { name: 'Source admins' })).body['id'] as string
  const given = {
    description: 'People',
    type: 'Active Directory - Direct',
    features: ['PROVISIONING', 'ENABLE'],
    authoritative: true,
    connectorAttributes: { healthCheckTimeout: 30, nested: { a: [1] } },
    managementWorkgroup: { type: 'GOVERNANCE_GROUP', id: hex(group), name: 'Source admins' },
    deleteThreshold: 7,
    healthy: true,
    status: 'SOURCE_STATE_HEALTHY',
    cluster: { type: 'CLUSTER', id: 'c1', name: 'Corporate' },
    schemas: [{ type: 'CONNECTOR_SCHEMA', id: 's1', name: 'account' }],
    category: 'CredentialProvider',
    connectionType: 'file',
  }
  const made = await create(given)
  expect(made).toMatchObject({ ...given, owner: owner(), connector: 'active-directory' })
  const { data } = await api.getSource({ id: made.id })
  expect(data).toEqual(made)
  expect((await create()) as Json).toMatchObject({
    description: '',
    features: [],
    authoritative: false,
    managementWorkgroup: null,
    type: 'active-directory',
    status: 'SOURCE_STATE_UNCHECKED_SOURCE',
    schemas: [],
    category: null,
    deleteThreshold: 10,
  })
})

test('an exported source is posted as it was read, whatever the server had set in it', async () => {
  const made = await create({ category: 'x' })
  const again = await create({ ...made, name: 'Again' })
  expect(again.id).not.toBe(made.id)
  expect({ ...again, id: 0, name: 0, created: 0, modified: 0 }).toEqual({
    ...made, id: 0, name: 0, created: 0, modified: 0,
  }) // prettier-ignore
})

test('provisionAsCsv makes a delimited file', async () => {
  const { data } = await api.createSource({
    provisionAsCsv: true,
    source: { name: 'CSV', owner: owner(), connector: 'delimited-file' } as Source,
  })
  expect(data.type).toBe('DelimitedFile')
})

test('a patch changes what can be changed, and keeps what other APIs know', async () => {
  const { id } = await create({ category: 'one' })
  const before = await acme.admin.patch(`/v1/sources/${id}`, {
    external_id: 'kept',
    extensions: { other: { a: 1 }, sailpoint: { category: 'one' } },
  })
  expect(before.status).toBe(200)
  const { status, data } = await api.updateSource({
    id,
    jsonPatchOperation: [
      { op: 'replace', path: '/description', value: 'New' },
      { op: 'add', path: '/features', value: ['SEARCH'] },
      { op: 'replace', path: '/deleteThreshold', value: 3 },
      { op: 'replace', path: '/owner', value: { type: 'IDENTITY', id: acme.people.bob } },
      { op: 'add', path: '/connectorAttributes/deep', value: { er: true } },
    ],
  })
  expect([status, contract.problem('Source', data)]).toEqual([200, null])
  expect(data).toMatchObject({
    description: 'New',
    features: ['SEARCH'],
    deleteThreshold: 3,
    category: 'one',
    owner: { id: hex(acme.people.bob), name: 'bob' },
    connectorAttributes: { deep: { er: true } },
  })
  const { body } = await acme.admin.get(`/v1/sources/${id}`)
  expect(body).toMatchObject({ external_id: 'kept', extensions: { other: { a: 1 } } })
})

test.each([
  ['id', 'x'], ['type', 'x'], ['authoritative', true], ['created', 'x'], ['modified', 'x'], ['connector', 'x'],
  ['connectorClass', 'x'], ['passwordPolicies', []],
])('a patch of %s is refused as an illegal update', async (field, value) => {
  const { id } = await create()
  const refused = await refusal(
    api.updateSource({ id, jsonPatchOperation: [{ op: 'replace', path: `/${field}`, value: value as object }] }),
  )
  expect(refused).toMatchObject({ status: 400, code: '400.1.1 Illegal update attempt' })
  expect(refused.text).toContain(field)
}) // prettier-ignore

test('put replaces: what it leaves out is unset, what cannot be changed may stand in it', async () => {
  const made = await create({ description: 'x', features: ['SEARCH'], category: 'one', connectorAttributes: { a: 1 } })
  const { data } = await api.putSource({ id: made.id, source: { ...made, name: 'Put' } })
  expect(data).toEqual({ ...made, name: 'Put', modified: data.modified })
  const bare = { name: 'Bare', owner: owner(), connector: 'active-directory' } as Source
  expect((await api.putSource({ id: made.id, source: bare })).data as Json).toMatchObject({
    name: 'Bare', description: '', features: [], category: null, connectorAttributes: {},
  }) // prettier-ignore
  const refused = await refusal(api.putSource({ id: made.id, source: { ...bare, connector: 'other' } }))
  expect(refused).toMatchObject({ status: 400, code: '400.1.1 Illegal update attempt' })
})

test('an owner that is nobody, a missing name and an unknown field are refused with their codes', async () => {
  const post = (body: Json): Promise<unknown> => api.createSource({ source: body as Source })
  const nobody = { id: hex('019a0000-0000-7000-8000-00000000dead') }
  expect(await refusal(post({ name: 'n', owner: nobody, connector: 'a' }))).toMatchObject({
    status: 400,
    code: '400.1.404 Referenced object not found',
  })
  expect(await refusal(post({ owner: owner(), connector: 'a' }))).toMatchObject({
    status: 400,
    code: '400.1.0 Required data missing or empty',
  })
  const unknown = await refusal(post({ name: 'n', owner: owner(), connector: 'a', surprise: 1 }))
  expect(unknown.status).toBe(400)
  expect(unknown.text).toContain('surprise')
})

test('deleting gives a task that has succeeded, and a second time 404', async () => {
  const { id } = await create()
  const { status, data } = await api.deleteSource({ id })
  expect([status, data]).toEqual([
    202,
    { type: 'TASK_RESULT', id: expect.stringMatching(/^[0-9a-f]{32}$/), name: null },
  ])
  expect((await refusal(api.getSource({ id }))).status).toBe(404)
  expect((await refusal(api.deleteSource({ id }))).status).toBe(404)
})

test('a source with entitlements is in use', async () => {
  const { id } = await create()
  await acme.admin.post('/v1/entitlements', { source_id: id, name: 'one' })
  expect(await refusal(api.deleteSource({ id }))).toMatchObject({
    status: 400,
    code: '400.2.1.0 Object in use by another',
  })
})

describe('the list', () => {
  let tenant: TestTenant
  let sources: SourcesApi
  let group: string

  beforeAll(async () => {
    tenant = await newTenant(world, 'lists')
    sources = new SourcesApi(await configurationOf(world, tenant))
    group = (await tenant.admin.post('/v1/groups', { name: 'Managers' })).body['id'] as string
    for (let n = 0; n < 12; n++) {
      await tenant.admin.post('/v1/sources', {
        name: `${n % 2 ? 'Odd' : 'even'} a+b "q" 100% ${String(n).padStart(2, '0')}`,
        connector: n % 3 ? 'ldap' : 'okta',
        owner_id: n < 6 ? tenant.people.alice : null,
        features: n < 4 ? ['SEARCH', 'ENABLE'] : ['ENABLE'],
        authoritative: n === 0,
        management_group_id: n < 3 ? group : null,
        description: n === 1 ? 'described' : null,
        extensions: { sailpoint: n === 2 ? { status: 'SOURCE_STATE_HEALTHY', category: 'Cloud' } : {} },
      })
    }
  })

  const numbers = async (filters?: string, sorters?: string): Promise<number[]> => {
    const { data } = await sources.listSources({ ...(filters && { filters }), ...(sorters && { sorters }) })
    expect(contract.problem('Source', data)).toBeNull()
    return data.map(({ name }) => Number(name.slice(-2)))
  }

  test.each([
    ['name sw "odd a+b"', [1, 3, 5, 7, 9, 11]],
    ['name eq "EVEN a+b \\"q\\" 100% 02"', [2]],
    ['name co "100% 0" and features ca ("SEARCH")', [0, 1, 2, 3]],
    ['features co "SEARCH"', [0, 1, 2, 3]],
    ['type eq "okta"', [0, 3, 6, 9]],
    ['type in ("okta","ldap") and not authoritative eq true', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['authoritative eq true', [0]],
    ['managementWorkgroup.id isnull', [3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['description eq "DESCRIBED"', [1]],
    ['status eq "SOURCE_STATE_HEALTHY" or category eq "cloud"', [2]],
    ['connectionType eq "direct" and name sw "odd"', [1, 3, 5, 7, 9, 11]],
    ['connectorName sw "ok"', [0, 3, 6, 9]],
    ['healthy isnull', []],
    ['created gt 2020-01-01T00:00:00Z and modified le 2020-01-01', []],
    ['modified sw "2020"', []],
  ])('finds by %s', async (filters, expected) => {
    expect(await numbers(filters)).toEqual(expected)
  })

  test('finds by the ids of owners and groups', async () => {
    expect(await numbers(`owner.id eq "${hex(tenant.people.alice)}"`)).toEqual([0, 1, 2, 3, 4, 5])
    expect(await numbers(`managementWorkgroup.id in ("${group}")`)).toEqual([0, 1, 2])
    const { data } = await sources.listSources({ limit: 2 })
    expect(await numbers(`id in ("${data[0]?.id}","${data[1]?.id}")`)).toEqual([0, 1])
  })

  test.each([
    'type', 'created', 'modified', 'name', 'owner.name', 'healthy', 'status', 'id', 'description', 'owner.id',
    'accountCorrelationConfig.id', 'accountCorrelationConfig.name', 'managerCorrelationRule.type',
    'managerCorrelationRule.id', 'managerCorrelationRule.name', 'authoritative', 'managementWorkgroup.id',
    'connectorName', 'connectionType',
  ])('is sorted by %s, both ways', async (sorter) => {
    const ascending = await numbers(undefined, sorter)
    expect(ascending.toSorted((a, b) => a - b)).toEqual([...Array(12).keys()])
    expect(await numbers(undefined, `-${sorter}`)).toEqual(ascending.toReversed())
  }) // prettier-ignore

  test('is sorted as it says', async () => {
    expect(await numbers(undefined, '-name')).toEqual([11, 9, 7, 5, 3, 1, 10, 8, 6, 4, 2, 0])
    expect(await numbers(undefined, 'type,-created')).toEqual([11, 10, 8, 7, 5, 4, 2, 1, 9, 6, 3, 0])
    for (const [sorter, first] of [
      ['owner.name,created', [0, 1, 2, 3, 4, 5]],
      ['managementWorkgroup.id,-created', [2, 1, 0]],
      ['description', [1]],
      ['status', [2]],
      ['-authoritative', [0]],
    ] as const)
      expect([sorter, (await numbers(undefined, sorter)).slice(0, first.length)]).toEqual([sorter, first])
  })

  test.each(['EQ "x"', 'name gt', 'secret eq "x"', 'features eq "SEARCH"'])(
    'refuses the filter %s',
    async (filters) => {
      const refused = await refusal(
        sources.listSources({ filters: filters.startsWith('EQ') ? `name ${filters}` : filters }),
      )
      expect(refused.status).toBe(400)
    },
  )

  test('is read whatever another API has written into the extensions, and sorted by texts of any length', async () => {
    const other = await newTenant(world, 'extended')
    const theirs = new SourcesApi(await configurationOf(world, other))
    const long = 'é'.repeat(4000)
    for (const [n, sailpoint] of [{ healthy: 'perhaps', status: long, schemas: 7 }, 'x', { healthy: true, category: [long] }].entries())
      await other.admin.post('/v1/sources', { name: `S${n}`, connector: 'ad', description: `${long}${n}`, extensions: { sailpoint } })
    for (const sorters of ['healthy', 'status', '-description', 'connectorName', 'accountCorrelationConfig.name']) {
      const seen: (string | undefined)[] = []
      let cursor: string | undefined
      do {
        const query = new URLSearchParams({ limit: '1', sorters, ...(cursor && { cursor }) })
        const { status, body, headers } = await other.admin.get<Json[]>(`/v3/sources?${query}`)
        expect([sorters, status]).toEqual([sorters, 200])
        seen.push(...body.map(({ name }) => name as string))
        cursor = headers.get('x-next-cursor') ?? undefined
      } while (cursor !== undefined)
      expect([sorters, seen.toSorted()]).toEqual([sorters, ['S0', 'S1', 'S2']])
    }
    const { data } = await theirs.listSources({ filters: `status sw "${long.slice(0, 200)}"` })
    expect(data.map(({ name }) => name)).toEqual(['S0'])
  }) // prettier-ignore

  test('pages, counts and ends', async () => {
    const { data, headers } = await sources.listSources({ limit: 5, offset: 10, count: true })
    expect([data.length, headers['x-total-count']]).toEqual([2, '12'])
    expect((await sources.listSources({ offset: 12 })).data).toEqual([])
    expect((await sources.listSources({ limit: 0, count: true })).headers['x-total-count']).toBe('12')
    expect((await refusal(sources.listSources({ limit: 251 }))).status).toBe(400)
    const all = await Paginator.paginate(sources, sources.listSources, {}, 5)
    expect(all.data).toHaveLength(12)
  })

  test('a sub-administrator sees and changes the sources of its groups, and has to ask for its own', async () => {
    const { body } = await tenant.admin.post('/v1/identities', { name: 'Sub', authorities: ['SOURCE_SUBADMIN'] })
    const sub = body['id'] as string
    await tenant.admin.put(`/v1/groups/${group}/members/${sub}`)
    const own = new SourcesApi(await configurationFor(world, tenant, sub))
    expect((await refusal(own.listSources())).status).toBe(403)
    expect((await own.listSources({ forSubadmin: 'me', count: true })).headers['x-total-count']).toBe('3')
    expect((await sources.listSources({ forSubadmin: hex(sub) })).data).toHaveLength(3)
    expect((await refusal(sources.listSources({ forSubadmin: tenant.people.alice }))).status).toBe(400)
    expect((await refusal(sources.listSources({ forSubadmin: 'me' }))).status).toBe(400)
    expect((await refusal(own.listSources({ forSubadmin: tenant.people.alice }))).status).toBe(403)
    const [mine, other] = [(await numbersOf(own))[0], (await sources.listSources({ offset: 5 })).data[0]?.id]
    const jsonPatchOperation = [{ op: 'replace' as const, path: '/description', value: 'by sub' }]
    expect((await own.updateSource({ id: mine ?? '', jsonPatchOperation })).status).toBe(200)
    expect((await refusal(own.updateSource({ id: other ?? '', jsonPatchOperation }))).status).toBe(404)
    expect((await refusal(own.getSource({ id: other ?? '' }))).status).toBe(404)
    const source = { name: 'Sub’s', owner: { id: sub }, connector: 'ldap' } as unknown as Source
    expect((await refusal(own.createSource({ source }))).status).toBe(403)
    expect(
      (await own.createSource({ source: { ...source, managementWorkgroup: { id: group } } as Source })).status,
    ).toBe(201)
  })

  const numbersOf = async (own: SourcesApi): Promise<string[]> =>
    (await own.listSources({ forSubadmin: 'me' })).data.map(({ id }) => id ?? '')

  test('somebody without an authority is refused, and so is a credential without the scope', async () => {
    const person = new SourcesApi(await configurationFor(world, tenant, tenant.people.bob))
    expect((await refusal(person.listSources())).status).toBe(403)
    const narrow = new SourcesApi(await configurationOf(world, tenant, ['grants:read']))
    expect((await refusal(narrow.listSources())).status).toBe(403)
  })
})
