import { jest } from '@jest/globals'
import { Database, type Sql } from '#platform'
import { Access } from './support/access.ts'
import type { Json } from './support/client.ts'
import { blocksRead } from './support/plans.ts'
import { entitlementId, fillLayers, profileId } from './support/profile-graph.ts'
import { startWorld } from './support/world.ts'

/*
 * What PostgreSQL reads to follow a chain of profiles among many others, when its statistics know nothing of them: as right
 * after an import.
 */
const chain = 100
const others = 500
const [first, last] = [1001, 1000 + chain]

const world = await startWorld()
afterAll(() => world.close())

const { admin, id: tenant } = world.acme
const access = new Access(admin)
const at = (layer: number, rest = ''): string => `/v1/access-profiles/${profileId(layer, 0)}${rest}`

const queries = jest.spyOn(world.app.get(Database), 'query')

/** The statements of the work that follow profiles. */
async function following(work: () => Promise<unknown>): Promise<Sql[]> {
  queries.mockClear()
  await work()
  return queries.mock.calls.map(([statement]) => statement).filter(({ text }) => text.includes('with recursive'))
}

beforeAll(async () => {
  const parents = `select k, (n * 3 + k) % ${others} as n2 from generate_series(0, 2) k`
  await fillLayers(world, access, { first: 1, last: 4, each: others, parents })
  await fillLayers(world, access, { first, last, each: 1, parents: 'select 0 as k, 0 as n2' })
  await world.asOwner(`update access_profiles set external_id = 'first' where id = $1`, [profileId(first, 0)])
  await importProfile({ description: 'Before' })
})

const person = await access.person()

const importProfile = async (fields: Json): Promise<void> => {
  const line = { type: 'access_profile', external_id: 'imported', name: 'Imported', entitlements: [], ...fields }
  const { body } = await admin.send<Json>('POST', '/v1/imports', Buffer.from(JSON.stringify(line)), {
    'content-type': 'application/x-ndjson',
  })
  expect(body['total']).toMatchObject({ failed: 0, unchanged: 0 })
}

test.each<[string, () => Promise<unknown>]>([
  ['what a profile gives', () => admin.get(at(first, '/entitlements?limit=1'))],
  ['whether a profile would inherit from itself', () => admin.patch(at(last), { inherits: [profileId(first, 0)] })],
  ['whether one of a file would', () => importProfile({ inherits: ['first'] })],
  ['whose members a change concerns', () => admin.patch(at(last), { state: 'paused' })],
  [
    'which profiles give an entitlement',
    () =>
      admin.post('/v1/policies/evaluate', {
        principal: `user:${person}`,
        action: 'request_access',
        resource: `entitlement:${entitlementId(last - 1, 0)}`,
      }),
  ],
])('%s is found step by step, not by going through all profiles at each', async (_, work) => {
  const statements = await following(work)
  expect(statements).not.toHaveLength(0)
  for (const read of await blocksRead(world, tenant, statements)) expect(read).toBeLessThan(20 * chain)
})
