import type { Answer, Client, Json } from './support/client.ts'
import { Access } from './support/access.ts'
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

const at = (profile: Json | string, rest = ''): string =>
  `/v1/access-profiles/${typeof profile === 'string' ? profile : profile['id']}${rest}`
const refused = ({ status, body }: Answer<Json>): unknown => [
  status,
  body['code'],
  (body['details'] as Json | undefined)?.['fields']?.[0]?.field,
]
const given = (...ids: string[]): Json => ({ entitlements: ids.map((entitlement_id) => ({ entitlement_id })) })
const entitlementsOf = async (profile: Json, query = ''): Promise<Json[]> =>
  (await admin.get(at(profile, `/entitlements${query}`))).body['data'] as Json[]
const events = (profile: Json): Promise<{ type: string }[]> =>
  world.asOwner(`select type from events where data->>'id' = $1 or data->>'profile_id' = $1 order by seq`, [
    profile['id'],
  ])

describe('an access profile', () => {
  it('is published at once, takes its source from its entitlements, and is read as it was written', async () => {
    const source = await access.source()
    const e = await access.entitlement({ source_id: source })
    const group = await access.group()
    const written = {
      name: 'Written',
      description: 'All of it',
      owner_id: world.acme.people.alice,
      labels: ['a', 'b'],
      requestable: false,
      request_config: {
        comments_required: true,
        denial_comments_required: null,
        reauthorization_required: false,
        require_end_date: null,
        max_duration: { value: 8, unit: 'HOURS' },
        form_definition_id: null,
        approval_schemes: [
          { approver_type: 'MANAGER', approver_id: null },
          { approver_type: 'GOVERNANCE_GROUP', approver_id: group },
        ],
      },
      revocation_config: { approval_schemes: null },
      additional_owners: [{ type: 'IDENTITY', id: world.acme.people.bob }],
      access_model_metadata: { attributes: null },
      catalog_item: { icon: 'x' },
      custom_properties: { n: [1, { two: 2 }] },
      require_approval_to_start: true,
      created_entitlements: [{ datasource_id: 'd' }],
      entitlements: [{ entitlement_id: e, details: { grant_by: 1 } }],
    }
    const { status, body, headers } = await admin.post('/v1/access-profiles', written)
    expect([status, headers.get('etag')]).toEqual([201, '"1"'])
    expect(body).toMatchObject({
      ...written,
      source_id: source,
      state: 'running',
      published_version: 1,
      draft_version: null,
    })
    expect((await admin.get(at(body))).body).toEqual(body)
    expect(body['started_at']).not.toBeNull()
  })

  it('that gives nothing begins paused, and cannot be made to run', async () => {
    const idle = await access.profile([])
    expect(idle).toMatchObject({ state: 'paused', started_at: null })
    expect(refused(await admin.patch(at(idle), { state: 'running' }))).toEqual([400, 'invalid_body', 'state'])
    expect(refused(await admin.post('/v1/access-profiles', { name: 'idle runner', state: 'running' }))).toEqual([
      400, 'invalid_body', 'state',
    ]) // prettier-ignore
    const running = await access.profile([await access.entitlement()])
    expect(refused(await admin.patch(at(running), { entitlements: [] }))).toEqual([400, 'invalid_body', 'state'])
    expect((await admin.patch(at(running), { entitlements: [], state: 'paused' })).status).toBe(200)
    expect((await admin.patch(at(idle), { application_datasource_id: 'okta:1', state: 'running' })).body).toMatchObject({
      state: 'running', published_version: 2,
    }) // prettier-ignore
  })

  it('has a name that no other has, whatever its case', async () => {
    await access.profile([], { name: 'Only One' })
    const { status, body } = await admin.post('/v1/access-profiles', { name: 'oNLY oNE' })
    expect([status, body['code'], body['details']]).toEqual([409, 'already_exists', { field: 'name' }])
    expect((await world.globex.admin.post('/v1/access-profiles', { name: 'Only One' })).status).toBe(201)
  })

  it('refers to nothing that does not exist, and says what', async () => {
    const nobody = '019a0000-0000-7000-8000-00000000dead'
    const scheme = { approval_schemes: [{ approver_type: 'GOVERNANCE_GROUP', approver_id: nobody }] }
    const cases: [Json, string][] = [
      [{ owner_id: nobody }, 'owner_id'],
      [{ source_id: nobody }, 'source_id'],
      [{ segment_ids: [nobody] }, 'segment_ids'],
      [{ additional_owners: [{ type: 'GOVERNANCE_GROUP', id: nobody }] }, 'additional_owners'],
      [{ request_config: scheme }, 'request_config.approval_schemes'],
      [{ revocation_config: scheme }, 'revocation_config.approval_schemes'],
      [given(nobody), 'entitlements'],
      [{ inherits: [nobody] }, 'inherits'],
    ]
    for (const [fields, field] of cases) {
      const answer = await admin.post('/v1/access-profiles', { name: 'Dangling', ...fields })
      expect([field, refused(answer)]).toEqual([field, [400, 'invalid_body', field]])
      expect(answer.text).toContain(nobody)
    }
    expect((await admin.get('/v1/access-profiles?name=dangling')).body['data']).toEqual([])
  })

  it('that was told its source gives entitlements of no other; otherwise its source is the one they have', async () => {
    const [one, two] = [await access.source(), await access.source()]
    const [a, b] = [await access.entitlement({ source_id: one }), await access.entitlement({ source_id: two })]
    const told = await access.profile([a], { source_id: one })
    expect(refused(await admin.patch(at(told), given(a, b)))).toEqual([400, 'invalid_body', 'entitlements'])
    expect(refused(await admin.patch(at(told), { source_id: two }))).toEqual([400, 'invalid_body', 'entitlements'])
    expect((await admin.patch(at(told), { source_id: two, ...given(b) })).body).toMatchObject({ source_id: two })
    const free = await access.profile([a])
    expect(free).toMatchObject({ source_id: one })
    expect((await admin.patch(at(free), given(a, b))).body).toMatchObject({ source_id: null })
    expect((await admin.patch(at(free), given(b))).body).toMatchObject({ source_id: two })
    expect((await admin.patch(at(told), { source_id: null, ...given(a, b) })).body).toMatchObject({ source_id: null })
  })

  it('keeps what a change does not name, details of entitlements included; a change of nothing is none', async () => {
    const [a, b] = [await access.entitlement(), await access.entitlement()]
    const profile = await access.profile([], {
      entitlements: [{ entitlement_id: a, details: { grant_by: 2 } }],
      labels: ['kept'],
    })
    const { body: changed } = await admin.patch(at(profile), { description: 'New', ...given(b, a) })
    expect(changed).toMatchObject({
      labels: ['kept'],
      entitlements: [
        { entitlement_id: b, details: {} },
        { entitlement_id: a, details: { grant_by: 2 } },
      ],
      version: 2,
      published_version: 2,
    })
    const { id: _, version: _v, created_at: _c, updated_at: _u, created_by: _b, started_at: _s, started_by: _y, published_version: _p, draft_version: _d, ...echo } = changed // prettier-ignore
    expect((await admin.patch(at(profile), echo)).body).toEqual(changed)
    expect((await events(profile)).map(({ type }) => type)).toEqual([
      'access_profile.created', 'access_profile.updated', 'access_profile.published',
    ]) // prettier-ignore
  })

  it('has a description of at most 2,000 characters, but keeps an older one until it is changed', async () => {
    expect(refused(await admin.post('/v1/access-profiles', { name: 'Long', description: 'x'.repeat(2001) }))).toEqual([
      400, 'invalid_body', 'description',
    ]) // prettier-ignore
    const profile = await access.profile([], { description: 'x'.repeat(2000) })
    await world.asOwner(`update access_profiles set description = repeat('y', 2001) where id = $1`, [profile['id']])
    const { status, body } = await admin.patch(at(profile), { labels: ['new'] })
    expect([status, (body['description'] as string).length]).toEqual([200, 2001])
  })

  it('is changed by one who has seen its version', async () => {
    const profile = await access.profile([])
    expect((await admin.patch(at(profile), { labels: ['x'] }, { 'if-match': '"1"' })).status).toBe(200)
    expect((await admin.patch(at(profile), { labels: ['y'] }, { 'if-match': '"1"' })).status).toBe(412)
    await admin.post(at(profile, '/versions'))
    expect((await admin.patch(at(profile), { labels: ['y'] }, { 'if-match': '"2"' })).status).toBe(412)
  })
})

describe('provisioning criteria', () => {
  const put = async (provisioning_criteria: unknown): Promise<Answer<Json>> => {
    const profile = await access.profile([])
    return admin.patch(at(profile), { provisioning_criteria })
  }
  const leaf = { operation: 'EQUALS', attribute: 'dn', value: 'x' }
  const and = (...children: Json[]): Json => ({ operation: 'AND', children })

  it.each([
    ['one leaf', leaf],
    ['a leaf without a value', { operation: 'HAS', attribute: 'dn', value: '' }],
    ['three levels', and(and(leaf, leaf), leaf)],
    ['empty texts where there must be none', { operation: 'OR', attribute: '', value: '', children: [leaf] }],
    ['nothing', null],
  ])('are %s', async (_, criteria) => {
    expect((await put(criteria)).status).toBe(200)
  })

  it.each([
    ['four levels', and(and(and(leaf))), 'provisioning_criteria.children.0.children.0.children'],
    ['no children', { operation: 'AND', children: [] }, 'provisioning_criteria.children'],
    ['an unknown operation', { operation: 'LIKE', attribute: 'a', value: 'b' }, 'provisioning_criteria.operation'],
    ['no attribute', { operation: 'CONTAINS', value: 'b' }, 'provisioning_criteria.attribute'],
    ['a value that is no text', { operation: 'EQUALS', attribute: 'a', value: 1 }, 'provisioning_criteria.value'],
    ['a value with HAS', { operation: 'HAS', attribute: 'a', value: 'b' }, 'provisioning_criteria.value'],
    ['an attribute with AND', { ...and(leaf), attribute: 'a' }, 'provisioning_criteria.attribute'],
    ['children of a leaf', { ...leaf, children: [leaf] }, 'provisioning_criteria.children'],
    ['another member', { ...and(leaf), surprise: 1 }, 'provisioning_criteria.surprise'],
    ['a child that is no object', and('x' as unknown as Json), 'provisioning_criteria.children.0'],
  ])('are not %s, and the place is named', async (_, criteria, field) => {
    expect(refused(await put(criteria))).toEqual([400, 'invalid_body', field])
  })
})

describe('approval schemes', () => {
  it('name a group where a group decides, and nobody where the type says who', async () => {
    const group = await access.group()
    const put = async (approver_type: string, approver_id: string | null): Promise<number> =>
      (
        await admin.patch(at(await access.profile([])), {
          request_config: { approval_schemes: [{ approver_type, approver_id }] },
        })
      ).status
    expect(await put('GOVERNANCE_GROUP', group)).toBe(200)
    expect(await put('GOVERNANCE_GROUP', null)).toBe(400)
    expect(await put('MANAGER', group)).toBe(400)
    expect(await put('MANAGER', null)).toBe(200)
  })
})

describe('inheritance', () => {
  it('gives the entitlements of running profiles at any depth, each once and with where it comes from', async () => {
    const [a, b, c] = [await access.entitlement(), await access.entitlement(), await access.entitlement()]
    const base = await access.profile([a, b])
    const middle = await access.profile([c], { inherits: [base['id']] })
    const other = await access.profile([b], { inherits: [base['id']] })
    const top = await access.profile([], { inherits: [middle['id'], other['id']] })
    const effective = async (): Promise<Json> =>
      Object.fromEntries(
        (await entitlementsOf(top)).map(({ id, from }) => [
          id,
          (from as Json[]).map((each) => each['id'] as string).toSorted(),
        ]),
      )
    const ids = (...profiles: Json[]): string[] => profiles.map(({ id }) => id as string).toSorted()
    expect(await effective()).toEqual({ [a]: ids(base), [b]: ids(base, other), [c]: ids(middle) })
    await admin.patch(at(middle), { state: 'paused' })
    expect(await effective()).toEqual({ [a]: ids(base), [b]: ids(base, other) })
    await admin.patch(at(base), { state: 'paused' })
    expect(await effective()).toEqual({ [b]: ids(other) })
    expect((await entitlementsOf(base)).map(({ id }) => id as string).toSorted()).toEqual([a, b].toSorted())
  })

  it('has no circles: neither by a change, nor by a draft, nor by two that are published', async () => {
    const e = await access.entitlement()
    const a = await access.profile([e], { name: 'circle a' })
    const b = await access.profile([e], { inherits: [a['id']] })
    expect(refused(await admin.patch(at(a), { inherits: [a['id']] }))).toEqual([400, 'invalid_body', 'inherits'])
    expect(refused(await admin.patch(at(a), { inherits: [b['id']] }))).toEqual([400, 'invalid_body', 'inherits'])
    expect(refused(await admin.post(at(a, '/versions'), { inherits: [b['id']] }))).toEqual([
      400,
      'invalid_body',
      'inherits',
    ])
    const [x, y] = [await access.profile([e]), await access.profile([e])]
    const drafts = [await admin.post(at(x, '/versions'), { inherits: [y['id']] }), await admin.post(at(y, '/versions'), { inherits: [x['id']] })] // prettier-ignore
    expect(drafts.map(({ status }) => status)).toEqual([201, 201])
    const published = await Promise.all([
      admin.post(at(x, '/versions/2/publication')),
      admin.post(at(y, '/versions/2/publication')),
    ])
    expect(published.map(({ status }) => status).toSorted()).toEqual([200, 400])
  })

  it('keeps a profile from being deleted, as members do, and names them', async () => {
    const e = await access.entitlement()
    const base = await access.profile([e])
    const heir = await access.profile([], { inherits: [base['id']], name: 'the heir' })
    await access.join(base['id'] as string, world.acme.people.bob)
    const { status, body } = await admin.delete(at(base))
    expect([status, body['code']]).toEqual([409, 'in_use'])
    const users = [
      { type: 'access_profile', id: heir['id'], name: 'the heir' },
      { type: 'identity', id: world.acme.people.bob, name: 'bob' },
    ]
    expect(body['details']).toEqual({ name: base['name'], users })
    expect((await admin.get(at(base, '/usage'))).body).toEqual({ in_use: true, access_profiles: 1, members: 1, users })
    await admin.delete(at(base, `/members/${world.acme.people.bob}`))
    await admin.patch(at(heir), { inherits: [], state: 'paused' })
    expect((await admin.delete(at(base))).status).toBe(204)
    expect((await admin.get(at(base))).status).toBe(404)
  })
})

describe('versions', () => {
  it('are edited as a draft, published, and kept', async () => {
    const [a, b] = [await access.entitlement(), await access.entitlement()]
    const profile = await access.profile([a])
    const { body: draft } = await admin.post(at(profile, '/versions'))
    expect(draft).toMatchObject({
      number: 2,
      state: 'draft',
      entitlements: [{ entitlement_id: a }],
      published_at: null,
    })
    expect(refused(await admin.post(at(profile, '/versions')))).toEqual([409, 'invalid_state', undefined])
    expect((await admin.patch(at(profile, '/versions/2'), given(b))).body).toMatchObject({ version: 2 })
    expect((await entitlementsOf(profile)).map(({ id }) => id)).toEqual([a])
    expect((await admin.get(at(profile))).body).toMatchObject({ published_version: 1, draft_version: 2 })
    expect((await admin.post(at(profile, '/versions/2/publication'))).body).toMatchObject({ state: 'published' })
    expect((await entitlementsOf(profile)).map(({ id }) => id)).toEqual([b])
    expect((await admin.get(at(profile, '/versions/1'))).body).toMatchObject({
      state: 'retired',
      entitlements: [{ entitlement_id: a, details: {} }],
    })
    for (const number of [1, 2]) {
      expect((await admin.patch(at(profile, `/versions/${number}`), given(a))).status).toBe(409)
      expect((await admin.post(at(profile, `/versions/${number}/publication`))).status).toBe(409)
    }
    const { body: all } = await admin.get(at(profile, '/versions'))
    expect((all['data'] as Json[]).map(({ number, state }) => [number as number, state as string])).toEqual([
      [2, 'published'], [1, 'retired'],
    ]) // prettier-ignore
  })

  it('of which one is published by two at once are published once', async () => {
    const profile = await access.profile([await access.entitlement()])
    await admin.post(at(profile, '/versions'))
    const answers = await Promise.all([1, 2, 3].map(() => admin.post(at(profile, '/versions/2/publication'))))
    expect(answers.map(({ status, body }) => [status, body['code']]).toSorted()).toEqual([
      [200, undefined], [409, 'invalid_state'], [409, 'invalid_state'],
    ]) // prettier-ignore
  })

  it('of a profile that was created as a draft let it run once one is published', async () => {
    const e = await access.entitlement()
    const { body: profile } = await admin.post('/v1/access-profiles', { name: 'Drafted', publish: false, ...given(e) })
    expect(profile).toMatchObject({ state: 'paused', published_version: null, draft_version: 1, entitlements: [] })
    expect((await admin.patch(at(profile), { state: 'running' })).body).toMatchObject({ code: 'invalid_state' })
    expect((await admin.post(at(profile, '/versions/1/publication'))).status).toBe(200)
    expect((await admin.patch(at(profile), { state: 'running' })).body).toMatchObject({ state: 'running' })
    expect((await admin.post(at(profile, '/versions/1/retirement'))).body).toMatchObject({ code: 'invalid_state' })
    await admin.patch(at(profile), { state: 'paused' })
    expect((await admin.post(at(profile, '/versions/1/retirement'))).body).toMatchObject({ state: 'retired' })
    expect((await admin.get(at(profile))).body).toMatchObject({ published_version: null, entitlements: [] })
  })

  it('that are retired hold on to nothing: what they gave can be deleted and stays readable', async () => {
    const [a, b] = [await access.entitlement(), await access.entitlement()]
    const profile = await access.profile([a])
    expect((await admin.delete(`/v1/entitlements/${a}`)).body).toMatchObject({ code: 'in_use' })
    await admin.patch(at(profile), given(b))
    expect((await admin.delete(`/v1/entitlements/${a}`)).status).toBe(204)
    expect((await admin.get(at(profile, '/versions/1'))).body).toMatchObject({ entitlements: [{ entitlement_id: a }] })
  })
})

describe('what a profile refers to', () => {
  it('is not deleted, and the refusal names the profile: owner, source, entitlement, segment, approving group, additional owner, member', async () => {
    const [owner, other, member] = [await access.person(), await access.person(), await access.person()]
    const source = await access.source()
    const e = await access.entitlement({ source_id: source })
    const group = await access.group()
    const segment = (await admin.post('/v1/segments', { name: 'held segment' })).body['id'] as string
    const profile = await access.profile([e], {
      owner_id: owner,
      source_id: source,
      segment_ids: [segment],
      additional_owners: [{ type: 'IDENTITY', id: other }],
      request_config: { approval_schemes: [{ approver_type: 'GOVERNANCE_GROUP', approver_id: group }] },
    })
    await access.join(profile['id'] as string, member)
    for (const path of [
      `identities/${owner}`, `identities/${other}`, `identities/${member}`, `sources/${source}`, `entitlements/${e}`,
      `groups/${group}`, `segments/${segment}`,
    ]) {
      const { status, body } = await admin.delete(`/v1/${path}`)
      expect([path, status, body['code']]).toEqual([path, 409, 'in_use'])
      expect(body['details']).toEqual({ users: [{ type: 'access_profile', id: profile['id'], name: profile['name'] }] })
    } // prettier-ignore
    await admin.patch(at(profile), { additional_owners: [], request_config: null, segment_ids: [] })
    for (const path of [`identities/${other}`, `groups/${group}`, `segments/${segment}`])
      expect((await admin.delete(`/v1/${path}`)).status).toBe(204)
  })
})
