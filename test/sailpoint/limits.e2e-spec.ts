import type { Json } from '../support/client.ts'
import { startWorld } from '../support/world.ts'

const world = await startWorld({ SAILPOINT_LIST_LIMIT: '3', SAILPOINT_SEED_LIST_LIMIT: '2' })
afterAll(() => world.close())

test('how many access profiles a page has is a setting, of the versions and of the path without one', async () => {
  const { admin } = world.acme
  for (let n = 0; n < 5; n++) await admin.post('/v1/access-profiles', { name: `P${n}` })
  for (const [path, most] of [
    ['/v3/access-profiles', 3],
    ['/access-profiles/v1', 3],
    ['/access-profiles', 2],
  ] as const) {
    expect((await admin.get<Json[]>(path)).body).toHaveLength(most)
    const { status, text } = await admin.get(`${path}?limit=${most + 1}`)
    expect([status, text]).toEqual([400, expect.stringContaining(`from 0 to ${most}`)])
  }
})
