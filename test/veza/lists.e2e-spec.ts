import type { Json } from '../support/client.ts'
import { base, done, profiles, sales, startOrg, types, unique } from './org.ts'

const org = await startOrg()
afterAll(() => org.world.close())

const { entitlements, newProfile, sources, veza, world } = org

const list = async (query: string): Promise<Json[]> => {
  return (await done(veza.get(`${profiles}?${query}`)))['values'] as Json[]
}
const idsOf = (values: Json[]): string[] => values.map(({ id }) => id as string)
const filtered = async (filter: string): Promise<string[]> =>
  idsOf(await list(`filter=${encodeURIComponent(filter)}`)).sort()

describe('the list of profiles', () => {
  it('answers each example URL of the documentation as its text says', async () => {
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
    const url = `filter=%28integrations+co+%22SALESFORCE%22+or+integrations+co+%22AWS%22%29+and+profile_type+eq+%22${type['id']}%22`
    expect(idsOf(await list(url)).sort()).toEqual(ids(crm, mixed))
  })

  it('is complete by has_more, page by page, while profiles are written', async () => {
    const label = unique('paged').replace(' ', '-')
    const made: string[] = []
    for (let n = 0; n < 7; n++) made.push((await newProfile({ labels: [label] }))['id'] as string)
    const seen: string[] = []
    const filter = encodeURIComponent(`labels co "${label}"`)
    let token = ''
    for (;;) {
      const page = await done(
        veza.get(`${profiles}?page_size=2&order_by=name&filter=${filter}&page_token=${encodeURIComponent(token)}`),
      )
      seen.push(...idsOf(page['values'] as Json[]))
      await newProfile({ labels: [label], name: unique('0 before') })
      if (page['has_more'] !== true) {
        expect(page['next_page_token']).toBe('')
        break
      }
      token = page['next_page_token'] as string
    }
    expect(made.filter((id) => !seen.includes(id))).toEqual([])
    expect(new Set(seen).size).toBe(seen.length)
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

/** Each list with the fields that its documentation names for order_by. */
async function documentedOrders(): Promise<[path: string, fields: string[]][]> {
  const { paths } = await done(world.anonymous.get('/docs/veza.json'))
  return Object.entries(paths as Record<string, Json>).flatMap(([path, { get }]) => {
    const order = (get?.parameters as Json[] | undefined)?.find(({ name }) => name === 'order_by')
    if (!order) return []
    return [[path, [...(order['description'] as string).matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '')]]
  })
}

test('every list answers the same rows in small pages as in one, in every order that is documented', async () => {
  for (const name of ['One', 'Two']) await done(veza.post('/api/preview/keys', { name }))
  await newProfile({ state: 'PAUSED', description: 'x' })
  const orders = await documentedOrders()
  expect(orders).toHaveLength(4)
  for (const [path, fields] of orders) {
    expect(fields.length).toBeGreaterThan(2)
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
