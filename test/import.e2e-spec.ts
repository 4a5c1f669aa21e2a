import { createReadStream, existsSync } from 'node:fs'
import { startWorld, type World } from './support/world.ts'
let world: World
beforeAll(async () => { world = await startWorld() })
afterAll(() => world.close())
it('imports kubernetes', async () => {
  const file = 'directory.ndjson'
  if (!existsSync(file)) return
  for (let i = 0; i < 2; i += 1) {
    const t = Date.now()
    const response = await fetch(`${world.url}/v1/imports`, { method: 'POST', headers: { ...world.acme.admin.headers, 'content-type': 'application/x-ndjson' }, body: createReadStream(file) as never, duplex: 'half' } as RequestInit)
    process.stderr.write(`${Date.now() - t} ms ${response.status} ${(await response.text()).slice(0, 2000)}\n`)
  }
}, 120000)
