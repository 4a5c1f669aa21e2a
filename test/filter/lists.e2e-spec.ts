import { startWorld, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world.close())

const resource = { type: 'aws_account', id: '123456789012' }

test.each([
  'A+B',
  '100%',
  '50%25',
  '"quoted" \\ back',
  'a&b=c#d?e',
  '🦊 und Größe',
  'a%2Bb',
  "') or 1=1 --",
  'sp ace',
  'ΟΔΟΣ',
])('the name %s is found by a filter, however the address is encoded, and nothing else is', async (name) => {
  const { admin } = world.acme
  const { body } = await admin.post('/v1/groups', { name })
  const filter = `name eq ${JSON.stringify(name)}`
  for (const encoded of [new URLSearchParams({ filter }).toString(), `filter=${encodeURIComponent(filter)}`]) {
    const { status, body: found } = await admin.get(`/v1/groups?${encoded}`)
    expect([status, found['data']]).toEqual([200, [expect.objectContaining({ id: body['id'], name })]])
  }
})

test('a grant that has not begun is listed when the filter speaks of its state, and not otherwise', async () => {
  const { admin, people } = world.acme
  const grant = (starts_at?: string) =>
    admin.post('/v1/grants', { grantee_id: people.alice, resource, action: 'x', ...(starts_at && { starts_at }) })
  const [now, later] = [await grant(), await grant('2090-01-01T00:00:00Z')]
  const listed = async (filter: string): Promise<unknown> => {
    const { body } = await admin.get(`/v1/grants?${new URLSearchParams({ filter, sort: 'created_at' })}`)
    return (body['data'] as { id: string }[]).map(({ id }) => id)
  }
  expect(await listed('id pr')).toEqual([now.body['id']])
  expect(await listed('state eq "scheduled"')).toEqual([later.body['id']])
  expect(await listed('state ne "revoked"')).toEqual([now.body['id'], later.body['id']])
  expect(await listed('not (state eq "active")')).toEqual([later.body['id']])
  expect(await listed('status eq "expired"')).toEqual([])
})

test('a filter finds nothing beyond what the caller may see', async () => {
  const { admin, people } = world.acme
  await admin.post('/v1/grants', { grantee_id: people.bob, resource, action: 'bobs' })
  const carol = await world.acme.as('carol')
  const everything = new URLSearchParams({ filter: 'id pr or not (id pr) or action eq "bobs"' })
  expect((await carol.get(`/v1/grants?${everything}`)).body).toMatchObject({ data: [], has_more: false })
  expect((await world.globex.admin.get(`/v1/grants?${everything}`)).body).toMatchObject({ data: [] })
})

test('what is missing comes last, and first where the order descends', async () => {
  const { admin, people } = world.globex
  for (const expires_at of ['2080-01-01T00:00:00.000Z', null, '2070-01-01T00:00:00.000Z'])
    await admin.post('/v1/grants', { grantee_id: people.alice, resource, action: 'x', expires_at })
  const ends = async (sort: string): Promise<unknown> => {
    const { body } = await admin.get(`/v1/grants?sort=${sort}`)
    return (body['data'] as { expires_at: string | null }[]).map(({ expires_at }) => expires_at?.slice(0, 4) ?? null)
  }
  expect(await ends('expires_at')).toEqual(['2070', '2080', null])
  expect(await ends('-expires_at')).toEqual([null, '2080', '2070'])
})

test('a filter that is sent twice, or empty, is refused: nothing is dropped in silence', async () => {
  const { admin } = world.acme
  expect((await admin.get('/v1/groups?filter=id%20pr&filter=id%20pr')).body).toMatchObject({
    code: 'invalid_parameter',
  })
  expect((await admin.get('/v1/groups?filter=')).body).toMatchObject({ code: 'invalid_filter' })
})
