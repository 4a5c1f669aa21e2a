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
