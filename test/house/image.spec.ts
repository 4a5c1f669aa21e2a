import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, '../..', file), 'utf8')

test('the image starts Node as `npm start` does: with the same flags and the same pools of memory', async () => {
  const [start, image] = await Promise.all([read('apps/cli/prepare.mjs'), read('Dockerfile')])
  const flags = [...(/^const NODE_FLAGS = \[([^\]]*)\]/m.exec(start)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(
    ([, each]) => each,
  )
  const pools = /^const NODE_ENVIRONMENT = \{ MALLOC_ARENA_MAX: '(\d+)' \}/m.exec(start)?.[1]
  const command = JSON.parse(/^CMD (\[.*\])$/m.exec(image)?.[1] ?? '[]') as string[]
  expect(flags.length).toBeGreaterThan(0)
  expect(command).toEqual(['node', ...flags, 'dist/apps/api/src/main.js'])
  expect(/^ENV .*\bMALLOC_ARENA_MAX=(\d+)/m.exec(image)?.[1]).toBe(pools)
})
