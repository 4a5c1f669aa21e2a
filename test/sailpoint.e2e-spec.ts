import { Client, type Json } from './support/client.ts'
import { startWorld, type TestTenant, type World } from './support/world.ts'

let world: World
let acme: TestTenant
let admin: Client
let count = 0

beforeAll(async () => {
  world = await startWorld()
  acme = world.acme
  admin = acme.admin
})
afterAll(() => world.close())

const hex = (id: string): string => id.replaceAll('-', '')
const jsonPatch = { 'content-type': 'application/json-patch+json' }

async function made(path: string, body: Json): Promise<string> {
  const answer = await admin.post(path, body)
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`)
  return answer.body['id'] as string
}

const newSource = (more: Json = {}): Promise<string> =>
  made('/v1/sources', { name: `source ${++count}`, connector: 'ad', ...more })
const newEntitlement = (source_id: string, more: Json = {}): Promise<string> =>
  made('/v1/entitlements', { name: `entitlement ${++count}`, source_id, ...more })

async function newProfile(more: Json = {}): Promise<Json> {
  const source = (more['source'] as Json | undefined)?.['id'] ?? (await newSource())
  const { status, body, text } = await admin.post('/v3/access-profiles', {
    name: `profile ${++count}`,
    owner: { id: acme.people.alice },
    source: { id: source },
    entitlements: [{ id: await newEntitlement(source) }],
    ...more,
  })
  if (status !== 201) throw new Error(`POST /v3/access-profiles: ${status} ${text}`)
  return body
}

function patch(id: unknown, operations: unknown, headers = {}) {
  return admin.patch<Json>(`/v3/access-profiles/${id}`, operations, { ...jsonPatch, ...headers })
}

const encoded = (filters: string): string => `filters=${encodeURIComponent(filters)}`

async function names(query: string, client = admin, path = '/v3/access-profiles'): Promise<string[]> {
  const { status, body, text } = await client.get<Json[]>(`${path}?limit=50&${query}`)
  if (status !== 200) throw new Error(`${query}: ${status} ${text}`)
  return body.map(({ name }) => name as string)
}

describe('filters', () => {
  test.each([
    'A+B', 'A B', '"quoted"', 'back\\slash', '100%', '100%25', '%2B', 'ends\\', 'emoji 🦊', 'é and É', "o'clock", 'a&b=c#d', '(x), y',
    'like_%', 'Straße',
  ])('a name is found whatever it holds: %s', async (name) => {
    await newProfile({ name })
    const quoted = `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
    const form = new URLSearchParams({ filters: `name eq ${quoted}` })
    for (const query of [`name eq ${quoted}`, `name in ("nothing", ${quoted})`, `name sw ${quoted}`, `name co ${quoted}`])
      expect(await names(encoded(query))).toEqual([name])
    expect(await names(String(form))).toEqual([name])
    // ß has no upper case of its own.
    if (!name.includes('ß')) expect(await names(encoded(`name eq ${quoted.toUpperCase()}`))).toEqual([name])
  }) // prettier-ignore

  test('which profiles contain an entitlement', async () => {
    const source = await newSource()
    const [one, two, three] = [await newEntitlement(source), await newEntitlement(source), await newEntitlement(source)]
    const giving = async (...ids: string[]): Promise<string> =>
      (await newProfile({ source: { id: source }, entitlements: ids.map((id) => ({ id })) }))['name'] as string
    const [first, second] = [await giving(one), await giving(one, two)]
    expect(await names(encoded(`entitlement.id eq "${hex(one)}"`))).toEqual([first, second])
    expect(await names(encoded(`entitlement.id eq "${two}"`))).toEqual([second])
    expect(await names(encoded(`entitlement.id in ("${two}","${three}") and source.id eq "${source}"`))).toEqual([
      second,
    ])
    expect(await names(encoded(`entitlement.id eq "${three}"`))).toEqual([])
  })

  test.each([
    ['name ew "x"', 5],
    ['name EQ "x"', 5],
    ['not name eq "x"', 0],
    ['enabled eq true', 0],
    ['Name eq "x"', 0],
    ['name eq "x" and', 15],
    ['(name eq "x"', 12],
    ['created co "2020"', 8],
    ['created gt "yesterday"', 11],
    ['requestable eq 1', 15],
    ['name eq "a', 10],
  ])('refuses %j with its place and what would be right', async (filters, place) => {
    const { status, body } = await admin.get<Json>(`/v3/access-profiles?${encoded(filters)}`)
    expect([status, String(body['detailCode']).slice(0, 5)]).toEqual([400, expect.stringMatching(/^400\.[01]/)])
    expect(body['causes'][0].text).toMatch(new RegExp(`^At position ${place}, expected: `))
  })

  test('an empty filter is none; one that is sent twice is refused', async () => {
    expect((await admin.get('/v3/access-profiles?filters=&sorters=')).status).toBe(200)
    expect((await admin.get('/v3/access-profiles?filters=a&filters=b')).status).toBe(400)
  })

  test.each(['created gt 2018', 'created ge 2021-01-01 and modified lt 2199-01-01T00:00:00+02:00', 'created gt "2021-01-01T00:00:00.000Z"'])(
    'takes the times of %s', async (filters) => {
      expect((await names(encoded(filters))).length).toBeGreaterThan(0)
    },
  ) // prettier-ignore
})

describe('lists', () => {
  test('limits: 250 under the versions, 50 under the path of the seeds; beyond, the range is named', async () => {
    for (const [path, most] of [['/v3/access-profiles', 250], ['/access-profiles/v1', 250], ['/access-profiles', 50]] as const) {
      expect((await admin.get(`${path}?limit=${most}`)).status).toBe(200)
      const { status, body } = await admin.get<Json>(`${path}?limit=${most + 1}`)
      expect([status, body['detailCode']]).toEqual([400, '400.1.3 Illegal value'])
      expect(body['messages'][0].text).toMatch(new RegExp(`0 to ${most}|greater than ${most}`))
      expect((await admin.get(`${path}?limit=0&count=true`)).body).toEqual([])
    } // prettier-ignore
  })

  test('segments: those of one of them, and unsegmented ones unless they are left out', async () => {
    const [north, south] = [
      await made('/v1/segments', { name: 'North', active: true }),
      await made('/v1/segments', { name: 'South', active: true }),
    ]
    const source = await newSource()
    const of = async (...segments: string[]): Promise<string> =>
      (await newProfile({ source: { id: source }, segments }))['name'] as string
    const [n, s, both, none] = [await of(north), await of(south), await of(north, south), await of()]
    const asked = (query: string): Promise<string[]> => names(`${encoded(`source.id eq "${source}"`)}&${query}`)
    expect(await asked('')).toEqual([n, s, both, none])
    expect(await asked(`for-segment-ids=${north}`)).toEqual([n, both, none])
    expect(await asked(`for-segment-ids=${north},${hex(south)}&include-unsegmented=false`)).toEqual([n, s, both])
    expect(await asked('for-segment-ids=unknown&include-unsegmented=false')).toEqual([])
    expect(await asked('for-segment-ids=unknown')).toEqual([none])
    for (const query of ['include-unsegmented=false', 'for-segment-ids=&include-unsegmented=false'])
      expect((await admin.get(`/v3/access-profiles?${query}`)).status).toBe(400)
  })
})

describe('against a plain loop over what was imported', () => {
  /** Teams of an organization on several sources, as an import writes them; names differ in case and repeat in part. */
  const teams = Array.from({ length: 240 }, (_, index) => ({
    type: 'access_profile',
    external_id: `team:${index}`,
    name: `${['kubernetes/sig-', 'Kubernetes/SIG-', 'kubernetes/wg-', 'kubernetes-sigs/'][index % 4]}${(index * 7919) % 240}`,
    source: `github:${index % 3}`,
    owner: 'lead',
    enabled: false,
    requestable: index % 5 !== 0,
  }))
  const sources: string[] = []

  beforeAll(async () => {
    const lines = [
      { type: 'identity', external_id: 'lead', name: 'Lead' },
      ...[0, 1, 2].map((n) => ({
        type: 'source',
        external_id: `github:${n}`,
        name: `GitHub ${n}`,
        connector: 'github',
      })),
      ...teams,
    ]
    const body = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'))
    const { body: report } = await admin.post('/v1/imports', body, { 'content-type': 'application/x-ndjson' })
    expect(report['total'].failed).toBe(0)
    for (const n of [0, 1, 2]) sources.push((await admin.get(`/v1/sources?external_id=github:${n}`)).body['data'][0].id)
  })

  const key = (name: string): string => name.toLowerCase()

  test.each([0, 1, 2])('the teams of source %i by the beginning of their names', async (n) => {
    const expected = teams
      .filter(({ source, name }) => source === `github:${n}` && key(name).startsWith('kubernetes/sig-'))
      .map(({ name }) => key(name))
      .toSorted()
    const filters = `source.id eq "${hex(sources[n] as string)}" and name sw "kubernetes/sig-"`
    const { body, headers } = await admin.get<Json[]>(
      `/v3/access-profiles?${encoded(filters)}&sorters=-modified,name&count=true`,
    )
    expect(headers.get('x-total-count')).toBe(String(expected.length))
    expect(body.map(({ name }) => key(name as string)).toSorted()).toEqual(expected)
    const order = body.map(({ name, modified }) => ({ name: key(name as string), modified: modified as string }))
    expect(order).toEqual(
      order.toSorted((a, b) => (a.modified < b.modified ? 1 : a.modified > b.modified ? -1 : a.name < b.name ? -1 : 1)),
    )
  })

  test('or, in and flags, page by page', async () => {
    const expected = teams
      .filter(
        ({ source, requestable, name }) =>
          (source !== 'github:1' && !requestable) || key(name).startsWith('kubernetes-sigs/1'),
      )
      .map(({ name }) => name)
      .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    const filters = `source.id in ("${sources[0]}", "${sources[2]}") and requestable eq false or name sw "KUBERNETES-SIGS/1"`
    const found: string[] = []
    for (let offset = 0; ; offset += 10) {
      const { body } = await admin.get<Json[]>(
        `/v3/access-profiles?${encoded(filters)}&sorters=name&limit=10&offset=${offset}`,
      )
      found.push(...body.map(({ name }) => name as string))
      if (body.length < 10) break
    }
    expect(found).toEqual(expected)
  })
})

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

  async function keyOf(identity_id: string, scopes?: readonly string[]): Promise<Client> {
    const { body } = await admin.post('/v1/api-keys', {
      name: `key ${++count}`,
      identity_id,
      ...(scopes && { scopes }),
    })
    return new Client(world.url, { 'x-api-key': body['key'] as string })
  }

  async function statuses(client: Client): Promise<Record<string, number>> {
    const source = await newSource()
    const body = { name: `p ${++count}`, owner: { id: acme.people.alice }, source: { id: source }, enabled: false }
    const at = `/v3/access-profiles/${others['id']}`
    const answers = {
      list: await client.get('/v3/access-profiles'),
      get: await client.get(at),
      create: await client.post('/v3/access-profiles', body),
      patch: await client.patch(at, [{ op: 'replace', path: '/description', value: `d ${count}` }], jsonPatch),
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

describe('refusals of a body', () => {
  test.each<[string, Json, string, string]>([
    ['no name', { name: undefined }, '400.1.0', 'name'],
    ['no owner', { owner: undefined }, '400.1.0', 'owner'],
    ['no source', { source: undefined }, '400.1.0', 'source'],
    ['a source that is null', { source: null }, '400.1.0', 'source'],
    ['an owner of another type', { owner: { type: 'SOURCE', id: 'x' } }, '400.1.3', 'owner.type'],
    ['an owner that does not exist', { owner: { id: '019a0000000070008000000000000fff' } }, '400.1.404', 'owner.id'],
    ['a source that does not exist', { source: { id: '019a0000000070008000000000000fff' } }, '400.1.404', 'source.id'],
    ['an entitlement that does not exist', { entitlements: [{ id: '019a0000000070008000000000000fff' }] }, '400.1.404', 'entitlement'],
    ['a segment that does not exist', { segments: ['019a0000000070008000000000000fff'] }, '400.1.404', 'segments'],
    ['a group that does not exist', { accessRequestConfig: { approvalSchemes: [{ approverType: 'GOVERNANCE_GROUP', approverId: '019a0000000070008000000000000fff' }] } }, '400.1.404', 'accessRequestConfig.approvalSchemes'],
    ['an approver that is no id', { accessRequestConfig: { approvalSchemes: [{ approverType: 'GOVERNANCE_GROUP', approverId: 'x' }] } }, '400.1.404', 'accessRequestConfig.approvalSchemes.0.approverId'],
    ['an unknown approver', { revocationRequestConfig: { approvalSchemes: [{ approverType: 'SOMEBODY' }] } }, '400.1.3', 'approverType'],
    ['a workflow, which there are none of', { accessRequestConfig: { approvalSchemes: [{ approverType: 'WORKFLOW', approverId: 'x' }] } }, '400.1.3', 'approverType'],
    ['a description that is too long', { description: 'x'.repeat(2001) }, '400.1.4', 'description'],
    ['metadata', { accessModelMetadata: { attributes: [{ key: 'x' }] } }, '400.1 ', 'accessModelMetadata'],
    ['nothing to give', { entitlements: [] }, '400.1 ', 'enabled'],
    ['an unknown field', { surprise: 1 }, '400.1 ', 'surprise'],
    ['criteria of four levels', { provisioningCriteria: { operation: 'AND', children: [{ operation: 'OR', children: [{ operation: 'AND', children: [{ operation: 'HAS', attribute: 'x' }] }] }] } }, '400.1 ', 'provisioningCriteria.children.0.children.0.children'],
    ['criteria that lack their value', { provisioningCriteria: { operation: 'EQUALS', attribute: 'x' } }, '400.1 ', 'provisioningCriteria.value'],
    ['the name of somebody else', { owner: { id: 'alice', name: 'bob' } }, '400.1 ', 'owner.name'],
  ])('%s', async (_, more, code, named) => {
    const source = await newSource()
    if (more['owner']?.id === 'alice') more['owner'].id = acme.people.alice
    const { status, body, text } = await admin.post<Json>('/v3/access-profiles', {
      name: `refused ${++count}`,
      owner: { id: acme.people.alice },
      source: { id: source },
      entitlements: [{ id: await newEntitlement(source) }],
      ...more,
    })
    expect([status, String(body['detailCode']).startsWith(code), text]).toEqual([400, true, expect.stringContaining(named)])
    expect(body['causes'].length).toBeGreaterThan(0)
  }) // prettier-ignore

  test('an entitlement of another source, and a name that exists in another case', async () => {
    const { name } = await newProfile()
    const body = { owner: { id: acme.people.alice }, source: { id: await newSource() } }
    const foreign = { ...body, name: 'x', entitlements: [{ id: await newEntitlement(await newSource()) }] }
    expect((await admin.post<Json>('/v3/access-profiles', foreign)).text).toContain('belong to other sources')
    const twice = { ...body, name: String(name).toUpperCase(), enabled: false }
    const { status, body: refused } = await admin.post<Json>('/v3/access-profiles', twice)
    expect([status, refused['detailCode']]).toEqual([400, '400.1.409 Reference conflict'])
  })

  test('what clients of other tools send is taken: empty texts for nothing, approvers that are implied, inner extras', async () => {
    const profile = await newProfile({
      accessRequestConfig: { approvalSchemes: [{ approverType: 'OWNER', approverId: '' }, { approverType: 'MANAGER', approverId: 'x' }] },
      provisioningCriteria: { operation: 'AND', attribute: '', value: '', children: [{ operation: 'HAS', attribute: 'dn', value: '' }] },
      owner: { type: null, id: acme.people.alice, name: null, displayName: 'Alice' },
      id: '2c91808a7190d06e01719938fcd20792', created: 'once', modified: null, enabled: true,
    }) // prettier-ignore
    expect(profile['accessRequestConfig'].approvalSchemes).toEqual([
      { approverType: 'OWNER', approverId: null },
      { approverType: 'MANAGER', approverId: null },
    ])
    expect(profile['provisioningCriteria']).toEqual({
      operation: 'AND',
      children: [{ operation: 'HAS', attribute: 'dn' }],
    })
  })
})

describe('patch', () => {
  test('appends entitlements, once each; inserts, replaces and takes away by index', async () => {
    const source = await newSource()
    const [a, b, c] = [await newEntitlement(source), await newEntitlement(source), await newEntitlement(source)]
    const { id } = await newProfile({ source: { id: source }, entitlements: [{ id: a }] })
    const after = async (...operations: Json[]): Promise<string[]> => {
      const { status, body, text } = await patch(id, operations)
      expect([status, text]).toEqual([200, expect.any(String)])
      return (body['entitlements'] as Json[]).map((each) => each['id'] as string)
    }
    expect(await after({ op: 'add', path: '/entitlements', value: [{ id: b }, { id: a }] })).toEqual([a, b].map(hex))
    expect(await after({ op: 'add', path: '/entitlements/0', value: { id: c, type: 'ENTITLEMENT' } })).toEqual(
      [c, a, b].map(hex),
    )
    expect(await after({ op: 'remove', path: '/entitlements/1' })).toEqual([c, b].map(hex))
    expect(await after({ op: 'add', path: '/entitlements/-', value: { id: a } })).toEqual([c, b, a].map(hex))
    expect(await after({ op: 'move', from: '/entitlements/2', path: '/entitlements/0' })).toEqual([a, c, b].map(hex))
    expect(await after({ op: 'replace', path: '/entitlements', value: [{ id: b }] })).toEqual([hex(b)])
    const { body: versions } = await admin.get(`/v1/access-profiles/${id}/versions`)
    expect(versions['data'][0]).toMatchObject({ number: 7, state: 'published' })
  })

  test('moves a profile to another source together with its entitlements, and not without', async () => {
    const [from, to] = [await newSource(), await newSource()]
    const entitlement = await newEntitlement(to)
    const { id } = await newProfile({ source: { id: from } })
    const source = { op: 'replace', path: '/source', value: { id: to, type: 'SOURCE' } }
    expect((await patch(id, [source])).status).toBe(400)
    expect(
      (await patch(id, [{ op: 'replace', path: '/source', value: { id: from, type: 'SOURCE', name: 'x' } }])).status,
    ).toBe(200)
    const { status, body } = await patch(id, [
      source,
      { op: 'replace', path: '/entitlements', value: [{ id: entitlement }] },
    ])
    expect([status, body['source'].id]).toEqual([200, hex(to)])
  })

  test('takes texts for flags, an alias, null for what may be empty, and either content type', async () => {
    const { id } = await newProfile({
      description: 'x',
      revocationRequestConfig: { approvalSchemes: [{ approverType: 'MANAGER' }] },
    })
    const { body } = await patch(id, [
      { op: 'replace', path: '/requestable', value: 'false' },
      { op: 'replace', path: '/revokeRequestConfig', value: null },
      { op: 'replace', path: '/description', value: null },
    ])
    expect(body).toMatchObject({ requestable: false, revocationRequestConfig: null, description: null })
    const plain = await admin.patch<Json>(`/beta/access-profiles/${id}`, [
      { op: 'add', path: '/description', value: 'y' },
    ])
    expect([plain.status, plain.body['description']]).toEqual([200, 'y'])
  })

  test.each<[string, unknown, string]>([
    ['an object instead of an array', { op: 'remove', path: '/description' }, '400.0'],
    ['a field that is read only', [{ op: 'replace', path: '/created', value: 'x' }], '400.1.1'],
    ['a field that there is not', [{ op: 'add', path: '/surprise', value: 'x' }], '400.1.1'],
    ['no value', [{ op: 'add', path: '/description' }], '400.1.0'],
    ['a name taken away', [{ op: 'remove', path: '/name' }], '400.1.0'],
    ['the wrong type', [{ op: 'replace', path: '/name', value: 7 }], '400.1 '],
    [
      'a test that fails',
      [
        { op: 'test', path: '/enabled', value: false },
        { op: 'remove', path: '/description' },
      ],
      '400.1.3',
    ],
    ['the last entitlement of what is enabled', [{ op: 'replace', path: '/entitlements', value: [] }], '400.1 '],
    [
      'more to the unknown',
      [{ op: 'add', path: '/entitlements/-', value: { id: '019a0000000070008000000000000fff' } }],
      '400.1.404',
    ],
  ])('refuses %s and changes nothing', async (_, operations, code) => {
    const { id } = await newProfile({ description: 'before' })
    const before = await admin.get<Json>(`/v3/access-profiles/${id}`)
    const { status, body } = await patch(id, operations)
    expect([status, String(body['detailCode']).startsWith(code), body]).toEqual([400, true, expect.anything()])
    const after = await admin.get<Json>(`/v3/access-profiles/${id}`)
    expect([after.body, after.headers.get('etag')]).toEqual([before.body, before.headers.get('etag')])
  })

  test('If-Match refuses a lost update', async () => {
    const { id } = await newProfile()
    const operations = [{ op: 'replace', path: '/description', value: 'mine' }]
    const tag = (await admin.get(`/v3/access-profiles/${id}`)).headers.get('etag') as string
    expect((await patch(id, operations, { 'if-match': tag })).headers.get('etag')).not.toBe(tag)
    const { status, body } = await patch(id, operations, { 'if-match': tag })
    expect([status, body]).toEqual([412, { message: expect.stringContaining('version') }])
  })

  test('of a profile that this API could not have made, changes what it says and keeps the rest', async () => {
    const [one, two] = [await newEntitlement(await newSource()), await newEntitlement(await newSource())]
    const { body: native } = await admin.post<Json>('/v1/access-profiles', {
      name: `over two sources ${++count}`,
      entitlements: [{ entitlement_id: one, details: { grant_by: 'hand' } }, { entitlement_id: two }],
      labels: ['red'],
      custom_properties: { cost: 7 },
    })
    const { status, body } = await patch(native['id'], [{ op: 'replace', path: '/description', value: 'told' }])
    expect([status, body['source'], body['owner'], body['description']]).toEqual([200, null, null, 'told'])
    const { body: after } = await admin.get<Json>(`/v1/access-profiles/${native['id']}`)
    const { description: _, version: _v, updated_at: _u, ...kept } = native
    expect(after).toMatchObject(kept)
  })

  test('the names in an answer are those of now', async () => {
    const source = await newSource()
    const { id } = await newProfile({ source: { id: source } })
    await admin.patch(`/v1/sources/${source}`, { name: 'renamed source' })
    expect((await admin.get<Json>(`/v3/access-profiles/${id}`)).body['source'].name).toBe('renamed source')
  })
})

test('reading one’s own writes: a list has at once what was written', async () => {
  const { id, name } = await newProfile()
  expect(await names(encoded(`id eq "${id}"`))).toEqual([name])
})

test('a shape for each failure that is no refusal of a value', async () => {
  const anonymous = await world.anonymous.get<Json>('/v3/access-profiles')
  expect([anonymous.status, anonymous.body]).toEqual([401, { error: expect.any(String) }])
  const method = await admin.put<Json>('/v3/access-profiles', {})
  expect([method.status, Object.keys(method.body)]).toEqual([405, ['errorName', 'errorMessage', 'trackingId']])
  const nothing = await admin.get<Json>('/beta/nothing', { 'accept-language': 'fr-CA' })
  expect([nothing.status, nothing.body['detailCode'], nothing.body['messages'][1].locale]).toEqual([
    404,
    '404 Not found',
    'fr',
  ])
  const broken = await admin.post<Json>('/v3/access-profiles', '{', { 'content-type': 'application/json' })
  expect([broken.status, broken.body['detailCode']]).toEqual([400, '400.0 Bad request syntax'])
})
