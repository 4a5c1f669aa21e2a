import type { Json } from '../support/client.ts'
import { encoded, hex, startOrg } from './org.ts'

const { world, admin, made, newSource, newEntitlement, newProfile, names } = await startOrg()
afterAll(() => world.close())

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

describe('a list', () => {
  test.each([
    ['/v3/access-profiles', 250],
    ['/access-profiles/v1', 250],
    ['/access-profiles', 50],
    ['/v3/roles', 50],
    ['/v3/sources', 250],
  ])('of %s has at most %i items; whatever else the limit is, the range is named', async (path, most) => {
    expect((await admin.get(`${path}?limit=${most}`)).status).toBe(200)
    expect((await admin.get(`${path}?limit=0&count=true`)).body).toEqual([])
    for (const limit of [String(most + 1), '1000', '-1', '1.5', 'all', '']) {
      const { status, body } = await admin.get<Json>(`${path}?limit=${limit}`)
      expect([status, body['detailCode']]).toEqual([400, '400.1.3 Illegal value'])
      expect(body['messages'][0].text).toBe(`limit must be a whole number from 0 to ${most}`)
    }
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

test('reading one’s own writes: a list has at once what was written', async () => {
  const { id, name } = await newProfile()
  expect(await names(encoded(`id eq "${id}"`))).toEqual([name])
})
