import { Client, done, type Json } from '../support/client.ts'
import { startWorld } from '../support/world.ts'
import { importedProfiles, organization } from './imported.ts'
import { plain, profiles } from './org.ts'

/* The examples of Veza's documentation, letter by letter, on an organization that was imported. */

const developers = '13ddf132-0868-4330-a0a3-41b088f6a4dc'
const engineers = 'a730b9cd-d600-4fb7-a803-8ab5b697c0b9'
const salesforce = '3cedc292-4014-45e9-b7d9-8cb1695e1454'

const group = (n: number): Json => ({
  type: 'entitlement', external_id: `veza-dev-ed:${n}`, source: 'salesforce', name: `Group ${n}`, attribute: 'group', value: `${n}`,
}) // prettier-ignore
const sales = (name: string, entitlements: string[]): Json => ({
  type: 'access_profile', external_id: `sales:${name}`, name, entitlements, enabled: true, labels: ['sales'],
}) // prettier-ignore
const lines = [
  ...organization(),
  { type: 'source', id: salesforce, external_id: 'salesforce', name: 'Salesforce', connector: 'salesforce' },
  ...[1, 2, 3].map(group),
  sales('Developer', ['veza-dev-ed:1']),
  sales('Account manager', ['veza-dev-ed:2', 'veza-dev-ed:3']),
  sales('Sales engineer', ['veza-dev-ed:1', 'aws:100000000037/ReadOnlyAccess']),
]

const world = await startWorld()
const veza = new Client(world.url, { authorization: `Bearer ${world.acme.adminKey}` })

/** What a profile can be found by. */
interface Known {
  readonly name: string
  readonly labels: readonly string[]
  readonly integrations: readonly string[]
  readonly providers: readonly string[]
  readonly type: string
}

let known: Known[]
let idOf: ReadonlyMap<string, string>

beforeAll(async () => {
  known = await importAll()
  idOf = await idsByName()
})
afterAll(() => world.close())

async function idsByName(): Promise<ReadonlyMap<string, string>> {
  return new Map((await allPages(profiles)).map(({ id, name }) => [name as string, id as string]))
}

/** Imports the lines, and gives some of the profiles labels and a type as Veza's clients do. */
async function importAll(): Promise<Known[]> {
  const ndjson = lines.map((line) => JSON.stringify(line)).join('\n')
  const { failures } = await done(
    world.acme.admin.send('POST', '/v1/imports', ndjson, { 'content-type': 'application/x-ndjson' }),
  )
  expect(failures).toEqual([])
  for (const [id, name] of [[developers, 'Developers'], [engineers, 'Engineers']])
    await world.asOwner(`insert into access_profile_types (tenant_id, id, name, created_by) values ($1, $2, $3, 'x')`, [
      world.acme.id, id, name,
    ]) // prettier-ignore
  const sources = (await done(world.acme.admin.get('/v1/sources?limit=100')))['data'] as Json[]
  const sourceIds = new Map(sources.map(({ id, external_id }) => [external_id as string, id as string]))
  const ids = await idsByName()
  const found: Known[] = []
  for (const [index, { name, labels, integrations, sources: of }] of importedProfiles(lines).entries()) {
    const change = {
      ...(index % 3 === 0 && { labels: [...labels, 'requestable'] }),
      ...(index % 5 === 1 && { labels: ['requests'] }),
      ...(index % 4 === 0 && { profile_type: developers }),
      ...(index % 4 === 2 && { profile_type: engineers }),
    }
    if (Object.keys(change).length > 0) await done(veza.patch(`${profiles}/${ids.get(name)}`, change))
    const providers = of.map((each) => sourceIds.get(each) ?? '')
    found.push({ name, labels: change.labels ?? labels, integrations, providers, type: change.profile_type ?? plain })
  }
  return found
}

/** The values of every page from this one on. */
async function allPages(url: string, between: () => Promise<unknown> = async () => {}): Promise<Json[]> {
  const found: Json[] = []
  let token = ''
  for (;;) {
    const mark = url.includes('?') ? '&' : '?'
    const page = await done(veza.get(token === '' ? url : `${url}${mark}page_token=${encodeURIComponent(token)}`))
    found.push(...(page['values'] as Json[]))
    expect(page['has_more']).toBe(page['next_page_token'] !== '')
    if (page['has_more'] !== true) return found
    token = page['next_page_token'] as string
    await between()
  }
}

const names = (values: readonly Json[]): string[] => values.map(({ name }) => name as string).sort()

describe('an example of the documentation, on an imported organization', () => {
  it.each<[string, (profile: Known) => boolean]>([
    ['?filter=profile_type+eq+%2213ddf132-0868-4330-a0a3-41b088f6a4dc%22', ({ type }) => type === developers],
    ['?filter=integrations+co+%22SALESFORCE%22', ({ integrations }) => integrations.includes('SALESFORCE')],
    ['?filter=integrations+eq+%22SALESFORCE%22', ({ integrations }) => integrations.join() === 'SALESFORCE'],
    [
      '?filter=%28integrations+co+%22SALESFORCE%22+or+integrations+co+%22AWS%22%29+and+profile_type+eq+%22a730b9cd-d600-4fb7-a803-8ab5b697c0b9%22',
      ({ integrations, type }) => integrations.some((each) => each !== 'GITHUB') && type === engineers,
    ],
    [
      `?filter=${encodeURIComponent(`(integrations co "SALESFORCE" or integrations co "AWS") and profile_type eq "${developers}"`)}`,
      ({ integrations, type }) => integrations.some((each) => each !== 'GITHUB') && type === developers,
    ],
    ['?filter=provider_ids+co+%223cedc292-4014-45e9-b7d9-8cb1695e1454%22', ({ providers }) => providers.includes(salesforce)],
    ['?filter=labels+co+%22requestable%22', ({ labels }) => labels.includes('requestable')],
  ])('%s answers as its text says', async (query, fits) => {
    const expected = names(known.filter(fits))
    expect(names(await allPages(profiles + query))).toEqual(expected)
    expect(expected.length).toBeGreaterThan(0)
    expect(expected.length).toBeLessThan(known.length)
  }) // prettier-ignore

  it('without a query lists every profile, newest first, with what its version gives', async () => {
    const found = await allPages(profiles)
    expect(names(found)).toEqual(names(known))
    expect(found.length).toBeGreaterThan(100)
    const times = found.map(({ created_at }) => created_at as string)
    expect(times).toEqual(times.toSorted().toReversed())
    for (const [index, profile] of found.entries()) {
      const { labels, integrations, providers, type } = known.find(({ name }) => name === profile['name']) as Known
      expect([index, profile]).toMatchObject([
        index,
        {
          labels,
          integrations: integrations.toSorted(),
          provider_ids: providers.toSorted(),
          profile_type: type,
          state: 'RUNNING',
          current_version_number: 1,
          draft_version_number: 0,
          current_version: { state: 'PUBLISHED', version_number: 1, access_profile_id: profile['id'] as string },
        },
      ])
      for (const entity of entitiesOf(profile)) expect(entity).not.toHaveProperty('entity_name')
    }
  })

  it('with entity_extra_info=true tells names and providers as well, and each entity beside the profiles', async () => {
    const page = await done(veza.get(`${profiles}?entity_extra_info=true`))
    const values = page['values'] as Json[]
    const entities = values.flatMap(entitiesOf)
    for (const entity of entities)
      expect(entity).toMatchObject({
        entity_type: expect.any(String) as unknown,
        extraction_datasource_id: entity['provider_id'] as string,
        provider_external_id: expect.stringMatching(/^(github:.+|aws|salesforce)$/) as unknown,
        entity_name: expect.stringMatching(/./) as unknown,
      })
    const each = [...new Map(entities.map((entity) => [entity['entity_id'] as string, entity])).values()]
    expect(page['entities_to_create_relationships_to']).toEqual(each)
    expect(each.length).toBeGreaterThan(values.length)
  })

  it('/api/preview/keys lists the keys', async () => {
    const { values } = await done(veza.get('/api/preview/keys'))
    expect(values).toMatchObject([{ status: 'ACTIVE', access_key: '', team_id: '' }])
  })
})

test.each(['', '&order_by=name', '&order_by=profile_type,name+desc'])(
  'pages of the imported profiles%s are complete by has_more while profiles are written',
  async (order) => {
    let written = 0
    const write = async (): Promise<void> => {
      const { id } = (await done(veza.post(profiles, { name: `written ${order} ${++written}`, profile_type: plain })))[
        'value'
      ] as Json
      const some = known[(written * 31) % known.length] as Known
      const path = `${profiles}/${idOf.get(some.name)}`
      await done(veza.patch(path, { description: `Changed ${written}` }))
      await done(veza.patch(`${path}?update_mask=custom_properties`, { custom_properties: { written } }))
      if (written % 2 === 0) await done(veza.delete(`${profiles}/${id}`))
    }
    const found = await allPages(`${profiles}?page_size=7${order}`, () => Promise.all([write(), write()]))
    const seen = names(found).filter((name) => !name.startsWith('written'))
    expect(seen).toEqual(names(known))
    expect(new Set(found.map(({ id }) => id as string)).size).toBe(found.length)
    expect(written).toBeGreaterThan(30)
  },
)

function entitiesOf(profile: Json): Json[] {
  return (profile['current_version'] as Json)['entities_to_create_relationships_to'] as Json[]
}
