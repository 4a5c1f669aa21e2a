import { jest } from '@jest/globals'
import { Database } from '#platform'
import { Access } from './support/access.ts'
import type { Json } from './support/client.ts'
import { startWorld } from './support/world.ts'

/*
 * A graph of access profiles with six layers of five hundred each. Every profile has an entitlement of its own and inherits
 * from three of the layer below, so that each is reached on many ways; one profile inherits from all of the first layer.
 */
const depth = 6
const width = 500

const world = await startWorld()
afterAll(() => world.close())

const { admin, id: tenant } = world.acme
const access = new Access(admin)
const at = (id: string, rest = ''): string => `/v1/access-profiles/${id}${rest}`
const profileId = (layer: number, n: number): string =>
  `019a0000-0000-7000-8001-${String(layer).padStart(4, '0')}${String(n).padStart(8, '0')}`

/** Layers `first` to `last` of profiles with an entitlement each; `parents` has, as (k, n2), those of the next layer. */
async function fill(first: number, last: number, each: number, parents: string): Promise<void> {
  const source = await access.source()
  const id = (kind: number, layer: string, n: string): string =>
    `('019a0000-0000-7000-800${kind}-' || lpad((${layer})::text, 4, '0') || lpad((${n})::text, 8, '0'))::uuid`
  const [profile, entitlement] = [id(1, 'l', 'n'), id(2, 'l', 'n')]
  const all = `generate_series(${first}, ${last}) l, generate_series(0, ${each - 1}) n`
  for (const [table, columns, values] of [
    ['entitlements', 'id, source_id, name, action', `${entitlement}, '${source}', l || ', ' || n, 'use' from ${all}`],
    [
      'access_profiles',
      'id, name, state, created_by, published_version',
      `${profile}, 'layer ' || l || ', ' || n, 'running', 'test', 1 from ${all}`,
    ],
    [
      'access_profile_versions',
      'profile_id, number, state, created_by',
      `${profile}, 1, 'published', 'test' from ${all}`,
    ],
    [
      'access_profile_entitlements',
      'profile_id, number, entitlement_id, position',
      `${profile}, 1, ${entitlement}, 0 from ${all}`,
    ],
    [
      'access_profile_parents',
      'profile_id, number, parent_id, position',
      `${profile}, 1, ${id(1, 'l + 1', 'p.n2')}, p.k from ${all}, lateral (${parents}) p where l < ${last}`,
    ],
  ])
    await world.asOwner(`insert into ${table} (tenant_id, ${columns}) select '${tenant}', ${values}`)
  // PostgreSQL does so by itself, a minute later.
  await world.asOwner('analyze')
}

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
  await fill(1, depth, width, `select k, (n * 3 + k) % ${width} as n2 from generate_series(0, 2) k`)
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
  await fill(first, last, 1, 'select 0 as k, 0 as n2')
  const { ids } = await given(profileId(first, 0))
  expect(ids).toHaveLength(300)
  const { status, body } = await admin.patch(at(profileId(last, 0)), { inherits: [profileId(first, 0)] })
  expect([status, body['code']]).toEqual([400, 'invalid_body'])
})
