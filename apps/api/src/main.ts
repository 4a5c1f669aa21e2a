import { Config } from '#platform'
import { collectStartGarbage } from './memory.ts'
import { withOperatorKey } from './operator-key.ts'
import { startServer } from './server.ts'

const out = (line: string): void => void process.stdout.write(`${line}\n`)

try {
  const config = new Config(withOperatorKey(process.env, out))
  const server = await startServer(config, { log: out, demo: true })
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      server.stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      )
    })
  }
  collectStartGarbage()
  out(`castellan ready ${server.url}`)
} catch (error) {
  fail(error)
}

function fail(error: unknown): void {
  const ours = error instanceof TypeError || error instanceof ReferenceError
  const text = error instanceof Error ? (ours ? error.stack : error.message) : String(error)
  process.stderr.write(`castellan: ${text}\n`)
  process.exit(1)
}
