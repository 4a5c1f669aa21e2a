import { jest } from '@jest/globals'
import { Database } from '#platform'
import { Access } from './support/access.ts'
import type { Json } from './support/client.ts'
import { fillLayers, profileId } from './support/profile-graph.ts'
import { startWorld } from './support/world.ts'

/*
 * A graph of access profiles with six layers of five hundred each. Every profile has an entitlement of its own and inherits
 * from three of the layer below, so that each is reached on many ways; one profile inherits from all of the first layer.
 */
const depth = 6
const width = 500

const world = await startWorld()
afterAll(() => world.close())

const { admin } = world.acme
const access = new Access(admin)
const at = (id: string, rest = ''): string => `/v1/access-profiles/${id}${rest}`

const queries = jest.spyOn(world.app.get(Database), 'query')
const asking = (): number => queries.mock.calls.filter(([{ text }]) => text.includes('access_profile_')).length

/** What a profile gives, and how many queries each page of it took. */
async function given(id: string): Promise<{ ids: string[]; perPage: number }> {
  const [ids, before] = [[] as string[], asking()]
  let pages = 0
  for (let cursor: string | null = ''; cursor !== null; pages += 1) {
    const { body } = await admin.get<Json>(at(id, `/entitlements?limit=250${cursor && `&cursor=${cursor}`}`))
    ids.push(...(body['data'] as Json[]).map((each) => each['id'] as string))
    cursor = body['next_cursor'] as string | null
  }
  return { ids, perPage: (asking() - before) / pages }
}

let top: string

beforeAll(async () => {
  const parents = `select k, (n * 3 + k) % ${width} as n2 from generate_series(0, 2) k`
  await fillLayers(world, access, { first: 1, last: depth, each: width, parents })
  // PostgreSQL does so by itself, a minute later.
  await world.asOwner('analyze')
  const { id } = await access.profile([], { inherits: Array.from({ length: width }, (_, n) => profileId(1, n)) })
  top = id as string
})

describe('a profile over a graph six deep and five hundred wide', () => {
  it('gives each entitlement of it once, in one query for a page', async () => {
    const { ids, perPage } = await given(top)
    expect(ids).toHaveLength(depth * width)
    expect(new Set(ids).size).toBe(depth * width)
    expect(perPage).toBe(1)
  })

  it('gives them to its members', async () => {
    const person = await access.person()
    await access.join(top, person)
    const [row] = await world.asOwner<{ held: number }>(
      `select count(*)::int as held from grants where grantee_id = $1 and state = 'active'`,
      [person],
    )
    expect(row?.held).toBe(depth * width)
  })

  it.each([1, 3, depth])('cannot be inherited from by a profile of layer %i', async (layer) => {
    const id = profileId(layer, 123)
    const inherits = layer < depth ? [profileId(layer + 1, 369), top] : [top]
    for (const [method, path] of [['PATCH', at(id)], ['POST', at(id, '/versions')]] as const) {
      const { status, body } = await admin.send<Json>(method, path, { inherits })
      expect([status, body['code'], body['details']?.fields[0].field]).toEqual([400, 'invalid_body', 'inherits'])
    }
  }) // prettier-ignore

  it('may be widened where nothing leads back', async () => {
    const { status } = await admin.patch(at(profileId(depth, 1)), { inherits: [profileId(depth, 2)] })
    expect(status).toBe(200)
  })
})

test('a chain of three hundred profiles is no circle until its end inherits from its beginning', async () => {
  const [first, last] = [1001, 1300]
  await fillLayers(world, access, { first, last, each: 1, parents: 'select 0 as k, 0 as n2' })
  const { ids } = await given(profileId(first, 0))
  expect(ids).toHaveLength(300)
  const { status, body } = await admin.patch(at(profileId(last, 0)), { inherits: [profileId(first, 0)] })
  expect([status, body['code']]).toEqual([400, 'invalid_body'])
})
