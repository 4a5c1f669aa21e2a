import type { Database } from '../database/database.ts'
import { Jobs } from './jobs.ts'

test('a stop during a run waits for the run, and not for the pause after it', async () => {
  const run = Promise.withResolvers<{ id: string }[]>()
  const jobs = new Jobs({ query: () => run.promise } as unknown as Database)
  jobs.register({ name: 'seldom', everyMs: 600_000, run: () => Promise.resolve() })
  jobs.start()
  const stopped = jobs.onModuleDestroy()
  run.resolve([])
  await expect(stopped).resolves.toBeUndefined()
})

test('a run that fails for one tenant is made for those behind it', async () => {
  const jobs = new Jobs({
    query: () => Promise.resolve([{ id: 'a' }, { id: 'b' }, { id: 'c' }]),
  } as unknown as Database)
  const done: string[] = []
  await jobs.runOnce({
    name: 'one fails',
    everyMs: 1000,
    run: (tenantId) => {
      done.push(tenantId)
      return tenantId === 'b' ? Promise.reject(new Error('no')) : Promise.resolve()
    },
  })
  expect(done).toEqual(['a', 'b', 'c'])
})
