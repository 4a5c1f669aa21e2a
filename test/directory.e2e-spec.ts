import { randomInt } from 'node:crypto'
import type { Json } from './support/client.ts'
import { startWorld, type World } from './support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const unknownId = '01938c9e-7f3a-7c1e-9b2d-000000000000'

/** One body of each kind, and a change to it. */
const kinds: readonly {
  path: string
  type: string
  body: (n: number) => Promise<Json>
  patch: Json
  cleared: string
}[] = [
  {
    path: '/v1/identities',
    type: 'identity',
    body: async (n) => ({
      name: `Person ${n}`,
      email: `person-${n}@example.com`,
      attributes: { n },
      external_id: `p-${n}`,
    }),
    patch: { name: 'Another name' },
    cleared: 'email',
  },
  {
    path: '/v1/groups',
    type: 'group',
    body: async (n) => ({ name: `Group ${n}`, description: 'All of us\nand more', external_id: `g-${n}` }),
    patch: { description: 'Fewer' },
    cleared: 'description',
  },
  {
    path: '/v1/sources',
    type: 'source',
    body: async (n) => ({
      name: `Source ${n}`,
      connector: 'aws',
      owner_id: world.acme.people.alice,
      aws: {
        sso_start_url: 'https://d-1234567890.awsapps.com/start',
        sso_region: 'eu-central-1',
        accounts: [{ id: '123456789012', name: 'production' }],
      },
      external_id: `s-${n}`,
    }),
    patch: { connector: 'github' },
    cleared: 'aws',
  },
  {
    path: '/v1/entitlements',
    type: 'entitlement',
    body: async (n) => ({
      source_id: await source(`for entitlement ${n}`),
      name: `Entitlement ${n}`,
      resource: { type: 'aws_account', id: '123456789012' },
      action: 'assume',
      external_id: `e-${n}`,
    }),
    patch: { privileged: true },
    cleared: 'resource',
  },
  {
    path: '/v1/segments',
    type: 'segment',
    body: async (n) => ({
      name: `Segment ${n}`,
      visibility_criteria: {
        expression: { operator: 'EQUALS', attribute: 'department', value: { type: 'STRING', value: 'Engines' } },
      },
      external_id: `x-${n}`,
    }),
    patch: { active: true },
    cleared: 'visibility_criteria',
  },
]

let made = 0

async function create(path: string, body: Json): Promise<Json> {
  const answer = await world.acme.admin.post(path, body)
  expect([answer.status, answer.text]).toEqual([201, expect.anything()])
  return answer.body
}

async function source(name: string): Promise<string> {
  return (await create('/v1/sources', { name: `${name} ${++made}`, connector: 'github' }))['id'] as string
}

async function audited(id: string): Promise<string[]> {
  const rows = await world.asOwner<{ action: string }>(
    'select action from audit_log where resource_id = $1 order by seq',
    [id],
  )
  return rows.map(({ action }) => action)
}

describe.each(kinds)('$path', ({ path, type, body, patch, cleared }) => {
  it('keeps what was created, and shows all of it wherever it is read', async () => {
    const given = await body(++made)
    const object = await create(path, given)
    expect(object).toMatchObject({ ...given, id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, version: 1 })
    expect(object['created_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const read = await world.acme.admin.get(`${path}/${object['id']}`)
    expect(read.body).toEqual(object)
    expect(read.headers.get('etag')).toBe('"1"')
    const listed = await world.acme.admin.get(`${path}?external_id=${given['external_id']}`)
    expect(listed.body).toEqual({ data: [object], next_cursor: null, has_more: false })
    expect(await audited(object['id'] as string)).toEqual([`${type}.created`])
  })

  it('merges a patch: what is absent stays, null clears', async () => {
    const object = await create(path, await body(++made))
    const patched = await world.acme.admin.patch(`${path}/${object['id']}`, { ...patch, [cleared]: null })
    expect([patched.status, patched.body]).toEqual([
      200,
      { ...object, ...patch, [cleared]: null, version: 2, updated_at: patched.body['updated_at'] as string },
    ])
    expect(patched.headers.get('etag')).toBe('"2"')
    expect(await audited(object['id'] as string)).toEqual([`${type}.created`, `${type}.updated`])
  })

  it('makes no new version of a patch that changes nothing', async () => {
    const given = await body(++made)
    const object = await create(path, given)
    const patched = await world.acme.admin.patch(`${path}/${object['id']}`, given)
    expect([patched.status, patched.body]).toEqual([200, object])
    expect(await audited(object['id'] as string)).toEqual([`${type}.created`])
  })

  it('changes and deletes only the version that If-Match names', async () => {
    const object = await create(path, await body(++made))
    const at = `${path}/${object['id']}`
    const stale = { 'if-match': '"7"' }
    expect((await world.acme.admin.patch(at, patch, stale)).body).toMatchObject({ code: 'precondition_failed' })
    expect((await world.acme.admin.delete(at, stale)).status).toBe(412)
    expect((await world.acme.admin.patch(at, patch, { 'if-match': '"1"' })).status).toBe(200)
    expect((await world.acme.admin.delete(at, { 'if-match': '"2"' })).status).toBe(204)
    expect((await world.acme.admin.get(at)).status).toBe(404)
    expect((await world.acme.admin.delete(at)).status).toBe(404)
    expect(await audited(object['id'] as string)).toEqual([`${type}.created`, `${type}.updated`, `${type}.deleted`])
  })

  it('of several patches under one If-Match lets one through', async () => {
    const object = await create(path, await body(++made))
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        world.acme.admin.patch(`${path}/${object['id']}`, { name: `Race ${made} ${n}` }, { 'if-match': '"1"' }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
  })

  it('refuses fields that it does not know, and those that the server sets', async () => {
    const given = await body(++made)
    for (const field of ['tenant_id', 'version', 'created_at', 'id', 'colour']) {
      const answer = await world.acme.admin.post(path, { ...given, [field]: 1 })
      expect([answer.status, answer.body['code'], answer.text]).toEqual([
        400,
        'invalid_body',
        expect.stringContaining(field) as string,
      ])
    }
    const object = await create(path, given)
    const patched = await world.acme.admin.patch(`${path}/${object['id']}`, { colour: 'red' })
    expect([patched.status, patched.body['code']]).toEqual([400, 'invalid_body'])
    const nameless = await world.acme.admin.patch(`${path}/${object['id']}`, { name: null })
    expect([nameless.status, nameless.body['code']]).toEqual([400, 'invalid_body'])
  })

  it('refuses a second object with the same external id', async () => {
    const given = await body(++made)
    await create(path, given)
    const answer = await world.acme.admin.post(path, { ...given, name: `Copy ${made}` })
    expect([answer.status, answer.body['code'], answer.body['details']]).toEqual([
      409,
      'already_exists',
      { field: 'external_id' },
    ])
  })

  it('does not show, change or delete an object of another tenant', async () => {
    const object = await create(path, await body(++made))
    const at = `${path}/${object['id']}`
    const foreign = world.globex.admin
    for (const answer of [await foreign.get(at), await foreign.patch(at, patch), await foreign.delete(at)]) {
      expect([answer.status, answer.body['code']]).toEqual([404, 'not_found'])
    }
    expect((await foreign.get(`${path}?external_id=${object['external_id']}`)).body).toMatchObject({ data: [] })
    expect((await world.acme.admin.get(at)).body).toEqual(object)
  })

  it('pages through all of them, each once', async () => {
    for (let n = 0; n < 3; n += 1) await create(path, await body(++made))
    const seen: string[] = []
    let cursor = ''
    do {
      const { body: page } = await world.acme.admin.get(`${path}?limit=2${cursor}`)
      seen.push(...(page['data'] as Json[]).map(({ id }) => id as string))
      cursor = page['next_cursor'] === null ? '' : `&cursor=${page['next_cursor']}`
    } while (cursor !== '')
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(3)
  })
})

describe('the texts of the directory', () => {
  /** Characters of three bytes that nothing can compress; a variation selector is not counted as a character. */
  const random = (length: number): string =>
    Array.from({ length }, () => String.fromCodePoint(0x4e00 + randomInt(0x5000))).join('')
  const selected = (length: number): string => Array.from({ length }, () => `${random(1)}\ufe0f`).join('')

  it('are stored at their greatest length, or refused: an index holds all that is accepted', async () => {
    for (const { path, body } of kinds) {
      for (const field of ['name', 'external_id']) {
        for (const text of [random(256), selected(256), '\u{1f600}'.repeat(256), random(200) + selected(56)]) {
          const answer = await world.acme.admin.post(path, { ...(await body(++made)), [field]: text })
          expect([path, field, answer.status]).toEqual([path, field, Buffer.byteLength(text) > 1024 ? 400 : 201])
        }
        expect((await world.acme.admin.post(path, { ...(await body(++made)), [field]: random(257) })).status).toBe(400)
      }
    }
  })

  it('that name a resource are at most 2048 bytes', async () => {
    const source_id = await source('bytes')
    const status = async (id: string): Promise<number> => {
      const resource = { type: 'x'.repeat(64), id }
      const answer = await world.acme.admin.post('/v1/entitlements', { source_id, name: 'x', action: 'read', resource })
      return answer.status
    }
    expect([await status(random(682)), await status(random(683)), await status(random(1024))]).toEqual([201, 400, 400])
    expect([await status('x'.repeat(1024)), await status('x'.repeat(1025))]).toEqual([201, 400])
  })

  it.each([
    ['nothing but white space', ' \u00a0\u3000'],
    ['nothing that is seen', '\u200b\u00ad'],
    ['a mark that turns the direction of writing', 'exe.\u202egpj'],
    ['an isolate', 'a\u2066b\u2069'],
    ['a mark of direction', 'admin\u200f'],
    ['a byte order mark', '\ufeffadmin'],
  ])('of one line are not %s', async (_, name) => {
    for (const { path, body } of kinds) {
      for (const field of ['name', 'external_id']) {
        const answer = await world.acme.admin.post(path, { ...(await body(++made)), [field]: name })
        expect([answer.status, answer.body]).toMatchObject([400, { details: { fields: [{ field }] } }])
      }
    }
  })

  it('may be of any script', async () => {
    for (const name of ['שָׁלוֹם', 'محمد', '山田太郎', 'Zoë', ' x ', '👩‍👩‍👧']) {
      expect((await create('/v1/identities', { name }))['name']).toBe(name)
    }
  })
})

describe('identities', () => {
  it.each([
    ['no name', {}],
    ['a name of nothing', { name: '' }],
    ['a name that is too long', { name: 'x'.repeat(257) }],
    ['a name of two lines', { name: 'two\nlines' }],
    ['a number as a name', { name: 7 }],
    ['an e-mail address without a host', { name: 'x', email: 'ada' }],
    ['an unknown state', { name: 'x', lifecycle_state: 'sleeping' }],
    ['a list as attributes', { name: 'x', attributes: [] }],
    ['attributes beyond 64 KiB', { name: 'x', attributes: { a: 'x'.repeat(70_000) } }],
    ['an external id of nothing', { name: 'x', external_id: '' }],
    ['a manager that is no uuid', { name: 'x', manager_id: 'bob' }],
    ['an unknown manager', { name: 'x', manager_id: unknownId }],
  ])('refuses %s', async (_, given) => {
    const answer = await world.acme.admin.post('/v1/identities', given)
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_body'])
  })

  it.each<Json>([
    { $type: 'Json', value: '1' },
    { $type: 'FieldRef', value: { _ref: 'name', _container: 'identities' } },
    { $type: 'Bytes', value: 'AAAA' },
    { set: { a: 1 }, equals: 1, path: ['a'] },
    { a: null, toJSON: 'x', length: 3, '': { ' ': [] } },
    { text: "'; drop table identities; --", date: '2026-11-22T08:00:00.000Z', small: 1e-7, long: '😀'.repeat(1000) },
    { hasOwnProperty: 1, valueOf: 2, toString: { toString: 3, prototype: 4 }, prototype: { a: 1 } },
  ])('give back attributes as they were given: %j', async (attributes) => {
    const object = await create('/v1/identities', { name: 'x', attributes })
    expect(object['attributes']).toEqual(attributes)
    await world.acme.admin.patch(`/v1/identities/${object['id']}`, { attributes: {} })
    expect((await world.acme.admin.patch(`/v1/identities/${object['id']}`, { attributes })).body['attributes']).toEqual(
      attributes,
    )
  })

  it.each<Json>([{ constructor: 1 }, { constructor: { name: 'x' } }, { a: [{ constructor: {} }] }])(
    'refuse attributes with a constructor: %j',
    async (attributes) => {
      const answer = await world.acme.admin.post('/v1/identities', { name: 'x', attributes })
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_body'])
    },
  )

  it("does not take another tenant's identity for a manager", async () => {
    const answer = await world.acme.admin.post('/v1/identities', { name: 'x', manager_id: world.globex.people.alice })
    expect([answer.status, answer.body['details']]).toMatchObject([400, { fields: [{ field: 'manager_id' }] }])
  })

  it('lets nobody be their own manager, directly or over others', async () => {
    const top = await create('/v1/identities', { name: 'top' })
    const middle = await create('/v1/identities', { name: 'middle', manager_id: top['id'] })
    const low = await create('/v1/identities', { name: 'low', manager_id: middle['id'] })
    for (const manager of [top, middle, low]) {
      const answer = await world.acme.admin.patch(`/v1/identities/${top['id']}`, { manager_id: manager['id'] })
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_body'])
    }
    expect((await world.acme.admin.patch(`/v1/identities/${low['id']}`, { manager_id: top['id'] })).status).toBe(200)
  })

  it('lets two changes at once not close a circle together', async () => {
    for (let round = 0; round < 5; round += 1) {
      const a = await create('/v1/identities', { name: 'a' })
      const b = await create('/v1/identities', { name: 'b' })
      const answers = await Promise.all([
        world.acme.admin.patch(`/v1/identities/${a['id']}`, { manager_id: b['id'] }),
        world.acme.admin.patch(`/v1/identities/${b['id']}`, { manager_id: a['id'] }),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    }
  })

  it('cannot be deleted while others report to it or it owns something, and says which', async () => {
    const boss = await create('/v1/identities', { name: 'boss' })
    const report = await create('/v1/identities', { name: 'report', manager_id: boss['id'] })
    const refused = await world.acme.admin.delete(`/v1/identities/${boss['id']}`)
    expect([refused.status, refused.body['code'], refused.body['message']]).toEqual([
      409,
      'in_use',
      expect.stringContaining('manager') as string,
    ])
    await world.acme.admin.patch(`/v1/identities/${report['id']}`, { manager_id: null })
    const owned = await create('/v1/sources', { name: `owned ${++made}`, connector: 'aws', owner_id: boss['id'] })
    expect((await world.acme.admin.delete(`/v1/identities/${boss['id']}`)).body).toMatchObject({ code: 'in_use' })
    await world.acme.admin.delete(`/v1/sources/${owned['id']}`)
    expect((await world.acme.admin.delete(`/v1/identities/${boss['id']}`)).status).toBe(204)
  })

  it('are found by e-mail, by manager and by state', async () => {
    const boss = await create('/v1/identities', { name: 'found boss', email: 'found-boss@example.com' })
    const report = await create('/v1/identities', {
      name: 'found',
      manager_id: boss['id'],
      lifecycle_state: 'inactive',
    })
    const found = async (query: string): Promise<string[]> =>
      ((await world.acme.admin.get(`/v1/identities?${query}`)).body['data'] as Json[]).map(({ id }) => id as string)
    expect(await found('email=found-boss%40example.com')).toEqual([boss['id']])
    expect(await found(`manager_id=${boss['id']}`)).toEqual([report['id']])
    expect(await found(`manager_id=${boss['id']}&lifecycle_state=active`)).toEqual([])
    expect((await world.acme.admin.get('/v1/identities?manager_id=bob')).body).toMatchObject({
      code: 'invalid_parameter',
    })
    expect((await world.acme.admin.get('/v1/identities?colour=red')).body).toMatchObject({ code: 'invalid_parameter' })
  })
})

describe('members of a group', () => {
  it('are added once, listed, and removed once', async () => {
    const group = await create('/v1/groups', { name: `Members ${++made}` })
    const at = `/v1/groups/${group['id']}/members`
    const { alice, bob } = world.acme.people
    for (const id of [alice, bob, alice]) expect((await world.acme.admin.put(`${at}/${id}`)).status).toBe(204)
    const ids = async (): Promise<string[]> =>
      ((await world.acme.admin.get(at)).body['data'] as Json[]).map(({ id }) => id as string)
    expect(await ids()).toEqual([bob, alice])
    expect((await world.acme.admin.delete(`${at}/${bob}`)).status).toBe(204)
    expect((await world.acme.admin.delete(`${at}/${bob}`)).status).toBe(404)
    expect(await ids()).toEqual([alice])
    expect(await audited(group['id'] as string)).toEqual([
      'group.created',
      'group.member_added',
      'group.member_added',
      'group.member_removed',
    ])
  })

  it('are identities of the same tenant', async () => {
    const group = await create('/v1/groups', { name: `Strangers ${++made}` })
    for (const id of [world.globex.people.alice, unknownId, 'alice']) {
      expect((await world.acme.admin.put(`/v1/groups/${group['id']}/members/${id}`)).status).toBe(404)
    }
    expect(
      (await world.globex.admin.put(`/v1/groups/${group['id']}/members/${world.globex.people.alice}`)).status,
    ).toBe(404)
    expect((await world.globex.admin.get(`/v1/groups/${group['id']}/members`)).status).toBe(404)
  })

  it('leave with the identity that is deleted', async () => {
    const group = await create('/v1/groups', { name: `Leaving ${++made}` })
    const person = await create('/v1/identities', { name: 'leaving' })
    await world.acme.admin.put(`/v1/groups/${group['id']}/members/${person['id']}`)
    expect((await world.acme.admin.delete(`/v1/identities/${person['id']}`)).status).toBe(204)
    expect((await world.acme.admin.get(`/v1/groups/${group['id']}/members`)).body['data']).toEqual([])
  })
})

describe('sources', () => {
  const aws = {
    sso_start_url: 'https://x.awsapps.com/start',
    sso_region: 'us-gov-west-1',
    accounts: [{ id: '123456789012', name: 'dev' }],
  }

  it.each([
    ['a start URL without TLS', { ...aws, sso_start_url: 'http://x.awsapps.com/start' }],
    ['a start URL with a template', { ...aws, sso_start_url: 'https://x.awsapps.com/{{.Profile}}' }],
    ['a start URL with a user', { ...aws, sso_start_url: 'https://me@x.awsapps.com/start' }],
    ['a region that is none', { ...aws, sso_region: 'mars' }],
    ['an account id of 11 digits', { ...aws, accounts: [{ id: '12345678901', name: 'dev' }] }],
    ['an account name of two lines', { ...aws, accounts: [{ id: '123456789012', name: 'dev\n[profile x]' }] }],
    ['an account name with a template', { ...aws, accounts: [{ id: '123456789012', name: 'dev {{ .Required.X }}' }] }],
    ['an account twice', { ...aws, accounts: [...aws.accounts, ...aws.accounts] }],
    ['an account that is a text', { ...aws, accounts: ['123456789012'] }],
    ['an account with more fields', { ...aws, accounts: [{ id: '123456789012', name: 'dev', role: 'x' }] }],
    ['no accounts', { sso_start_url: aws.sso_start_url, sso_region: aws.sso_region }],
  ])('refuse %s', async (_, settings) => {
    const answer = await world.acme.admin.post('/v1/sources', {
      name: `Refused ${++made}`,
      connector: 'aws',
      aws: settings,
    })
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_body'])
  })

  it('cannot be deleted while they have entitlements', async () => {
    const id = await source('kept')
    const entitlement = await create('/v1/entitlements', { source_id: id, name: 'x' })
    expect((await world.acme.admin.delete(`/v1/sources/${id}`)).body).toMatchObject({ code: 'in_use' })
    await world.acme.admin.delete(`/v1/entitlements/${entitlement['id']}`)
    expect((await world.acme.admin.delete(`/v1/sources/${id}`)).status).toBe(204)
  })
})

describe('entitlements', () => {
  it.each([
    ['a resource whose id does not fit its type', { resource: { type: 'aws_account', id: '12' }, action: 'assume' }],
    ['a type that AWS does not have', { resource: { type: 'aws_moon', id: '12' }, action: 'assume' }],
    ['another entitlement as the resource', { resource: { type: 'entitlement', id: unknownId }, action: 'assume' }],
    ['a resource without an action', { resource: { type: 'aws_account', id: '123456789012' } }],
    ['a resource without an id', { resource: { type: 'aws_account' }, action: 'assume' }],
  ])('refuse %s', async (_, given) => {
    const answer = await world.acme.admin.post('/v1/entitlements', {
      source_id: await source('refused'),
      name: 'x',
      ...given,
    })
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_body'])
  })

  it('keep resource and action together through a patch', async () => {
    const object = await create('/v1/entitlements', {
      source_id: await source('patched'),
      name: 'x',
      resource: { type: 'repository', id: 'kubernetes/kubernetes' },
      action: 'write',
    })
    const at = `/v1/entitlements/${object['id']}`
    expect((await world.acme.admin.patch(at, { action: null })).status).toBe(400)
    expect((await world.acme.admin.patch(at, { resource: { type: 'aws_account', id: 'x' } })).status).toBe(400)
    expect((await world.acme.admin.patch(at, { resource: null, action: null })).body).toMatchObject({
      resource: null,
      action: null,
    })
  })

  it('want a source that exists', async () => {
    const answer = await world.acme.admin.post('/v1/entitlements', { source_id: unknownId, name: 'x' })
    expect([answer.status, answer.body['details']]).toMatchObject([400, { fields: [{ field: 'source_id' }] }])
  })

  it('are found by their resource', async () => {
    const resource = { type: 'aws_s3_bucket', id: 'found-bucket' }
    const object = await create('/v1/entitlements', {
      source_id: await source('found'),
      name: 'x',
      resource,
      action: 'read',
    })
    const { body } = await world.acme.admin.get('/v1/entitlements?resource_type=aws_s3_bucket&resource_id=found-bucket')
    expect(body['data']).toEqual([object])
  })
})
