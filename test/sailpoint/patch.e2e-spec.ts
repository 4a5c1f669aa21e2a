import type { Json } from '../support/client.ts'
import { hex, startOrg, unique } from './org.ts'

const { world, admin, newSource, newEntitlement, newProfile, patch } = await startOrg()
afterAll(() => world.close())

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

  test('loses nothing of what others patch at the same time', async () => {
    const source = await newSource()
    const { id } = await newProfile({ source: { id: source } })
    const more = await Promise.all(Array.from({ length: 8 }, () => newEntitlement(source)))
    const patches = more.map((each) => patch(id, [{ op: 'add', path: '/entitlements/-', value: { id: each } }]))
    expect((await Promise.all(patches)).map(({ status }) => status)).toEqual(Array(8).fill(200))
    const { body } = await admin.get<Json>(`/v3/access-profiles/${id}`)
    expect(
      (body['entitlements'] as Json[])
        .map((each) => each['id'] as string)
        .slice(1)
        .toSorted(),
    ).toEqual(more.map(hex).toSorted())
  })

  test('of nothing changes nothing, and is no error', async () => {
    const { id } = await newProfile()
    const before = await admin.get<Json>(`/v3/access-profiles/${id}`)
    const { status, body, headers } = await patch(id, [])
    expect([status, body, headers.get('etag')]).toEqual([200, before.body, before.headers.get('etag')])
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
      name: unique('over two sources'),
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
