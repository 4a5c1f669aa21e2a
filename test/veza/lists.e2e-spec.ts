import { done, type Json } from '../support/client.ts'
import { base, plain, profiles, role, sales, startOrg, types, unique } from './org.ts'

const org = await startOrg()
afterAll(() => org.world.close())

const { admin, entitlements, newProfile, sources, veza, world } = org

const list = async (query: string): Promise<Json[]> => {
  return (await done(veza.get(`${profiles}?${query}`)))['values'] as Json[]
}
const idsOf = (values: Json[]): string[] => values.map(({ id }) => id as string)
const filtered = async (filter: string): Promise<string[]> =>
  idsOf(await list(`filter=${encodeURIComponent(filter)}`)).sort()

describe('the list of profiles', () => {
  it('asks by co whether an array contains a value, and by eq whether it is all that it contains', async () => {
    const type = (await done(veza.post(types, { name: unique('Type'), allow_create_relationships: true })))[
      'value'
    ] as Json
    const both = [
      sales(),
      { entity_type: 'Role', datasource_id: sources.cloud['id'], entity_id: entitlements.admin['id'] },
    ]
    const crm = await newProfile({ profile_type: type['id'], labels: ['seed', 'requestable'] })
    const mixed = await newProfile({
      profile_type: type['id'],
      labels: ['seed'],
      entities_to_create_relationships_to: both,
    })
    const empty = await newProfile({
      profile_type: type['id'],
      labels: ['requests'],
      entities_to_create_relationships_to: [],
      state: 'PAUSED',
    })
    const mine = `profile_type eq "${type['id']}"`
    const ids = (...each: Json[]): string[] => idsOf(each).sort()
    expect(await filtered(mine)).toEqual(ids(crm, mixed, empty))
    expect(await filtered(`integrations co "SALESFORCE" and ${mine}`)).toEqual(ids(crm, mixed))
    expect(await filtered(`integrations eq "SALESFORCE" and ${mine}`)).toEqual(ids(crm))
    expect(await filtered(`integrations co "SALES" and ${mine}`)).toEqual([])
    expect(await filtered(`(integrations co "SALESFORCE" or integrations co "AWS") and ${mine}`)).toEqual(
      ids(crm, mixed),
    )
    expect(await filtered(`provider_ids co "${sources.cloud['id']}" and ${mine}`)).toEqual(ids(mixed))
    expect(await filtered(`labels co "requestable" and ${mine}`)).toEqual(ids(crm))
    expect(await filtered(`labels co "request" and ${mine}`)).toEqual([])
    expect(await filtered(`labels eq "requestable" and ${mine}`)).toEqual([])
    expect(await filtered(`labels eq "requests" and ${mine}`)).toEqual(ids(empty))
  })

  it('has profiles that were imported, found by their labels, integrations and providers, and read by Veza’s names', async () => {
    const lines = [
      { type: 'source', external_id: 'github:acme', name: 'acme', connector: 'github' },
      { type: 'entitlement', external_id: 'github:acme/web:write', source: 'github:acme', name: 'web', attribute: 'repository', value: 'web:write' },
      { type: 'access_profile', external_id: 'team:base', name: 'acme/base', entitlements: ['github:acme/web:write'], enabled: true, labels: ['closed', 'imported'] },
      { type: 'access_profile', external_id: 'team:lead', name: 'acme/lead', entitlements: [], inherits: ['team:base'], enabled: true, labels: ['imported'] },
    ] // prettier-ignore
    const ndjson = lines.map((line) => JSON.stringify(line)).join('\n')
    await done(admin.send('POST', '/v1/imports', ndjson, { 'content-type': 'application/x-ndjson' }))
    const [team, lead] = (await list(`filter=${encodeURIComponent('labels co "imported"')}&order_by=name`)) as [
      Json,
      Json,
    ]
    expect(team).toMatchObject({
      name: 'acme/base',
      state: 'RUNNING',
      profile_type: plain,
      integrations: ['GITHUB'],
      provider_external_ids: ['github:acme'],
      access_profiles_inherited_by: [lead['id']],
      current_version: {
        entities_to_create_relationships_to: [{ entity_type: 'repository', entity_id: 'github:acme/web:write' }],
      },
    })
    expect(lead).toMatchObject({ profile_type: role, integrations: [], access_profiles_inherited: [team['id']] })
    const found = idsOf([team])
    expect(await filtered('integrations co "GITHUB"')).toEqual(found)
    expect(await filtered('labels co "closed" and labels co "imported"')).toEqual(found)
    expect(await filtered('provider_external_ids eq "github:acme"')).toEqual(found)
    expect(await filtered(`provider_ids co "${(team['provider_ids'] as [string])[0]}"`)).toEqual(found)
    expect(await filtered(`profile_type eq "${role}" and labels co "imported"`)).toEqual(idsOf([lead]))
  })

  it('is filtered by what it shows, where nothing shows as an empty text', async () => {
    const policy = '019a0000-0000-7000-8000-000000000077'
    const label = 'shown-empty'
    const named = await newProfile({ labels: [label], access_request_policy_id: policy, description: 'Something' })
    const silent = await newProfile({ labels: [label] })
    for (const [field, value] of [
      ['access_request_policy_id', policy],
      ['description', 'Something'],
    ]) {
      const found = (test: string): Promise<string[]> => filtered(`${field} ${test} and labels eq "${label}"`)
      expect([field, await found(`eq "${value}"`), await found('pr')]).toEqual([field, idsOf([named]), idsOf([named])])
      expect([field, await found('eq ""'), await found('ne ""')]).toEqual([field, idsOf([silent]), idsOf([named])])
    }
  })

  it('is sorted as order_by says', async () => {
    const label = unique('sorted').replace(' ', '-')
    for (const name of ['b', 'c', 'a']) await newProfile({ name: `${label} ${name}`, labels: [label] })
    const filter = encodeURIComponent(`labels co "${label}"`)
    const names = async (order: string): Promise<string[]> =>
      (await list(`filter=${filter}&order_by=${encodeURIComponent(order)}`)).map(({ name }) =>
        (name as string).slice(-1),
      )
    expect(await names('name')).toEqual(['a', 'b', 'c'])
    expect(await names('  name   desc , created_at')).toEqual(['c', 'b', 'a'])
    expect((await veza.get(`${profiles}?order_by=labels`)).body).toMatchObject({ code: 'InvalidArgument' })
  })

  it.each([
    ['page_size=101', 'page_size'],
    ['page_size=0', 'page_size'],
    ['page_token=abc', 'page_token'],
    ['filter=labels', 'filter'],
    ['filter=surprise+eq+1', 'filter'],
    ['limit=1', 'limit'],
  ])('refuses ?%s, naming the parameter, and never clamps it', async (query, parameter) => {
    const { status, body } = await veza.get(`${profiles}?${query}`)
    expect([status, body['code']]).toEqual([400, 'InvalidArgument'])
    const [violations] = body['details'] as [Json]
    expect(violations['field_violations']).toMatchObject([{ field: parameter }])
  })
})

describe('the list of integrations', () => {
  it('shows integrations, those in use by a filter', async () => {
    const { body } = await veza.get(
      `${base}/integrations?order_by=name&filter=${encodeURIComponent('integration eq "AWS"')}`,
    )
    expect(body['values']).toMatchObject([
      { id: sources.cloud['id'], integration: 'AWS', name: 'Cloud', external_id: '', enabled: true },
    ])
  })
})

/** A list as it is documented: what its items have, and what the texts of `filter` and `order_by` name. */
interface DocumentedList {
  readonly path: string
  readonly item: Readonly<Record<string, Json>>
  readonly filters: readonly string[]
  readonly orders: readonly string[]
}

async function documentedLists(): Promise<DocumentedList[]> {
  const { paths, components } = await done(world.anonymous.get('/docs/veza.json'))
  const referred = ({ $ref }: Json): Json => components.schemas[($ref as string).split('/').at(-1) ?? ''] as Json
  return Object.entries(paths as Record<string, Json>).flatMap(([path, { get }]) => {
    const text = (wanted: string): string =>
      (get?.parameters as Json[] | undefined)?.find(({ name }) => name === wanted)?.['description'] ?? ''
    if (text('order_by') === '') return []
    const page = referred(get.responses['200'].content['application/json'].schema as Json)
    const item = referred(page['properties'].values.items as Json)['properties'] as Record<string, Json>
    const named = (wanted: string, pattern: RegExp): string[] =>
      [...text(wanted).matchAll(pattern)].map(([, name]) => name ?? '')
    return [{ path, item, filters: named('filter', /^- `(\w+)`/gm), orders: named('order_by', /`(\w+)`/g) }]
  })
}

test('every list takes each scalar and each array of its items in a filter, and each scalar in an order', async () => {
  const lists = await documentedLists()
  expect(lists).toHaveLength(4)
  for (const { path, item, filters, orders } of lists) {
    const of = (...kinds: string[]): string[] =>
      Object.entries(item).flatMap(([name, { type, oneOf }]) =>
        kinds.some((kind) => [type, ...((oneOf as Json[]) ?? []).map((each) => each['type'])].flat().includes(kind))
          ? [name]
          : [],
      )
    const scalars = of('string', 'integer', 'boolean')
    expect([path, orders.toSorted()]).toEqual([path, scalars.toSorted()])
    expect([path, filters.toSorted()]).toEqual([path, [...scalars, ...of('array')].toSorted()])
  }
})

test('every list answers the same rows in small pages as in one, in every order that is documented', async () => {
  for (const name of ['One', 'Two']) await done(veza.post('/api/preview/keys', { name }))
  await newProfile({ state: 'PAUSED', description: 'x' })
  for (const { path, orders: fields } of await documentedLists()) {
    const size = path.endsWith('/access_profiles') ? 10 : 1
    for (const [index, field] of fields.entries()) {
      const second = fields[index - 1]
      for (const order of [field, second ? `${field} desc, ${second}` : `${field} desc`]) {
        const query = `order_by=${encodeURIComponent(order)}`
        const whole = (await done(veza.get(`${path}?${query}`)))['values'] as Json[]
        const single: Json[] = []
        let page: Json = { has_more: true, next_page_token: '' }
        while (page['has_more'] === true) {
          page = await done(veza.get(`${path}?${query}&page_size=${size}&page_token=${page['next_page_token']}`))
          single.push(...(page['values'] as Json[]))
        }
        expect([path, order, idsOf(single)]).toEqual([path, order, idsOf(whole)])
        expect(whole.length).toBeGreaterThan(1)
      }
    }
  }
})
