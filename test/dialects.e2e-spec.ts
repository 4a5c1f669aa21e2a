import { Client, done, type Json } from './support/client.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let native: Client
let sailpoint: Client
let veza: Client
let source: Json
let group: Json
let admins: Json
let readers: Json
let type: Json

const vezaProfiles = '/api/private/lifecycle_management/access_profiles'

const hex = (id: unknown): string => String(id).replaceAll('-', '')

beforeAll(async () => {
  world = await startWorld()
  native = world.acme.admin
  sailpoint = veza = new Client(world.url, { authorization: `Bearer ${world.acme.adminKey}` })
  source = await done(native.post('/v1/sources', { name: 'CRM', connector: 'salesforce', external_id: 'crm' }))
  const entitlement = (name: string): Promise<Json> =>
    done(native.post('/v1/entitlements', { source_id: source['id'], name, external_id: `crm:${name}`, value: name }))
  admins = await entitlement('Admins')
  readers = await entitlement('Readers')
  group = await done(native.post('/v1/groups', { name: 'Approvers' }))
  type = await done(native.post('/v1/access-profile-types', { name: 'Anything' }))
})

afterAll(() => world.close())

/** What the three dialects say of one profile, in the words of the native one. */
async function readings(id: string): Promise<Json[]> {
  const own = await done(native.get(`/v1/access-profiles/${id}`))
  const theirs = await done(sailpoint.get(`/v3/access-profiles/${hex(id)}`))
  const { value } = (await done(veza.get(`${vezaProfiles}/${id}`))) as { value: Json }
  const version = value['current_version'] as Json
  return [
    {
      id: hex(own['id']),
      name: own['name'],
      description: own['description'],
      running: own['state'] === 'running',
      requestable: own['requestable'],
      entitlements: (own['entitlements'] as Json[]).map(({ entitlement_id }) => hex(entitlement_id)),
      created: new Date(own['created_at'] as string),
    },
    {
      id: theirs['id'],
      name: theirs['name'],
      description: theirs['description'],
      running: theirs['enabled'],
      requestable: theirs['requestable'],
      entitlements: (theirs['entitlements'] as Json[]).map((each) => each['id'] as string),
      created: new Date(theirs['created'] as string),
    },
    {
      id: hex(value['id']),
      name: value['name'],
      description: value['description'] === '' ? null : value['description'],
      running: value['state'] === 'RUNNING',
      requestable: value['requestable'],
      entitlements: (version['entities_to_create_relationships_to'] as Json[]).map(({ entity_id }) =>
        hex([admins, readers].find(({ external_id }) => external_id === entity_id)?.['id']),
      ),
      created: new Date(value['created_at'] as string),
    },
  ]
}

async function expectAgreement(id: string, expected: Json): Promise<void> {
  const all = await readings(id)
  for (const each of all) expect(each).toEqual(all[0])
  expect(all[0]).toMatchObject(expected)
}

const entity = (name: string): Json => ({ entity_type: 'Group', datasource_id: 'crm', entity_id: `crm:${name}` })
const patch = (id: string, ...operations: Json[]): Promise<Json> =>
  done(sailpoint.patch(`/v3/access-profiles/${id}`, operations, { 'content-type': 'application/json-patch+json' }))

describe('one access profile', () => {
  it('reads the same in every dialect, whichever of them makes and changes it', async () => {
    const owner = world.acme.people.alice
    const byVeza = (
      await done(
        veza.post(vezaProfiles, {
          name: 'By Veza',
          description: 'One',
          profile_type: type['id'],
          entities_to_create_relationships_to: [entity('Admins')],
        }),
      )
    )['value'] as Json
    const bySailPoint = await done(
      sailpoint.post('/v3/access-profiles', {
        name: 'By SailPoint',
        owner: { type: 'IDENTITY', id: hex(owner), name: 'alice' },
        source: { type: 'SOURCE', id: hex(source['id']), name: 'CRM' },
        entitlements: [{ type: 'ENTITLEMENT', id: hex(admins['id']), name: 'Admins' }],
      }),
    )
    const byUs = await done(
      native.post('/v1/access-profiles', { name: 'By us', entitlements: [{ entitlement_id: admins['id'] }] }),
    )
    const made = { 'By Veza': byVeza['id'], 'By SailPoint': bySailPoint['id'], 'By us': byUs['id'] }
    for (const [name, given] of Object.entries(made)) {
      const id = (await done(native.get(`/v1/access-profiles/${given}`)))['id'] as string
      await expectAgreement(id, { name, running: true, entitlements: [hex(admins['id'])] })

      await done(
        veza.patch(`${vezaProfiles}/${id}`, { description: 'Two', labels: ['kept'], custom_properties: { at: [1] } }),
      )
      await patch(id, { op: 'add', path: '/entitlements', value: [{ type: 'ENTITLEMENT', id: hex(readers['id']) }] })
      await expectAgreement(id, { description: 'Two', entitlements: [hex(admins['id']), hex(readers['id'])] })

      await done(native.patch(`/v1/access-profiles/${id}`, { state: 'paused', requestable: false }))
      await expectAgreement(id, { running: false, requestable: false })

      const number = (await done(native.get(`/v1/access-profiles/${id}`)))['published_version'] as number
      await done(
        veza.patch(`${vezaProfiles}/${id}/versions/${number}`, {
          entities_to_create_relationships_to: [entity('Readers')],
          state: 'PUBLISHED',
        }),
      )
      await done(veza.post(`${vezaProfiles}/${id}:start`))
      await expectAgreement(id, { running: true, entitlements: [hex(readers['id'])] })
    }
  })

  it('keeps what a dialect cannot say when that dialect changes it', async () => {
    const condition = { type: 'EXPRESSION', condition_string: 'department eq "R&D"' }
    const made = (
      await done(
        veza.post(vezaProfiles, {
          name: 'Kept',
          profile_type: type['id'],
          labels: ['a', 'b'],
          custom_properties: { cost: { center: 7 } },
          catalog_item_info: { name: 'Shown' },
          entities_to_create_relationships_to: [{ ...entity('Admins'), grant_by: 'CONDITION', condition }],
        }),
      )
    )['value'] as Json
    const id = made['id'] as string
    await done(
      native.patch(`/v1/access-profiles/${id}`, {
        request_config: {
          comments_required: true,
          approval_schemes: [{ approver_type: 'GOVERNANCE_GROUP', approver_id: group['id'] }],
        },
      }),
    )

    await patch(
      id,
      { op: 'replace', path: '/description', value: 'Changed' },
      { op: 'add', path: '/entitlements', value: [{ type: 'ENTITLEMENT', id: hex(readers['id']) }] },
    )
    const { value: after } = (await done(veza.get(`${vezaProfiles}/${id}?entity_extra_info=true`))) as { value: Json }
    expect(after).toMatchObject({
      description: 'Changed',
      profile_type: type['id'],
      labels: made['labels'],
      custom_properties: made['custom_properties'],
      catalog_item_info: made['catalog_item_info'],
      current_version: {
        entities_to_create_relationships_to: [
          { ...entity('Admins'), grant_by: 'CONDITION', condition },
          { entity_id: 'crm:Readers' },
        ],
      },
    })

    const { accessRequestConfig } = await done(sailpoint.get(`/v3/access-profiles/${id}`))
    await done(veza.patch(`${vezaProfiles}/${id}?update_mask=*`, after))
    expect(await done(sailpoint.get(`/v3/access-profiles/${id}`))).toMatchObject({
      accessRequestConfig,
      description: 'Changed',
    })
    expect(accessRequestConfig).toMatchObject({ commentsRequired: true })
  })

  it('without a type, with details and a catalog of its own, is the same after Veza sends back what it read', async () => {
    const parent = await done(
      native.post('/v1/access-profiles', { name: 'Parent', entitlements: [{ entitlement_id: readers['id'] }] }),
    )
    const note = { by: 'us' }
    const { id } = await done(
      native.post('/v1/access-profiles', {
        name: 'Ours',
        catalog_item: { icon: 'x', tags: ['a'] },
        inherits: [parent['id']],
        application_sync_identity_action: { name: 'sync', ours: [note] },
        entitlements: [
          { entitlement_id: admins['id'], details: { grant_by: 'CONDITION', note, sync_identity_action: { ours: 1 } } },
        ],
      }),
    )
    const read = (): Promise<Json> => done(native.get(`/v1/access-profiles/${id}`))
    const before = await read()
    const { value } = (await done(veza.get(`${vezaProfiles}/${id}?entity_extra_info=true`))) as { value: Json }
    for (const mask of ['', '?update_mask=*']) {
      await done(veza.patch(`${vezaProfiles}/${id}${mask}`, value))
      await done(veza.patch(`${vezaProfiles}/${id}/versions/1${mask}`, value['current_version']))
    }
    expect(await read()).toEqual(before)

    await done(veza.patch(`${vezaProfiles}/${id}`, { catalog_item_info: { name: 'Shown' } }))
    const entities = { entities_to_create_relationships_to: [{ ...entity('Admins'), grant_by: 'MEMBERSHIP' }] }
    await done(veza.patch(`${vezaProfiles}/${id}/versions/1`, { ...entities, state: 'PUBLISHED' }))
    expect(await read()).toMatchObject({
      type_id: null,
      catalog_item: { name: 'Shown', tags: ['a'] },
      entitlements: [{ details: { note, grant_by: 'MEMBERSHIP', datasource_id: 'crm' } }],
    })
  })
})
