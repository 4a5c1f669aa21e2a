import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Load, LoadResult } from './load-generator.ts'

/*
 * The load generator's own process: for each message a load, the same request over and over on keep-alive connections,
 * each sending the next when it has the answer. It looks at no more of an answer than its status and its length.
 */
process.on('message', (load: Load) => {
  run(load).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
process.on('disconnect', () => process.exit())

async function run({ url, headers, connections, seconds }: Load): Promise<LoadResult> {
  const { hostname, port, host, pathname, search } = new URL(url)
  const lines = Object.entries({ host, connection: 'keep-alive', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const request = Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`)
  const milliseconds: number[] = []
  const begin = performance.now()
  const deadline = begin + seconds * 1000
  await Promise.all(
    Array.from({ length: connections }, () => repeat(connect(Number(port), hostname), request, deadline, milliseconds)),
  )
  const elapsed = performance.now() - begin
  milliseconds.sort((left, right) => left - right)
  return {
    perSecond: (milliseconds.length / elapsed) * 1000,
    p50: milliseconds[Math.floor(milliseconds.length * 0.5)] ?? NaN,
    p99: milliseconds[Math.floor(milliseconds.length * 0.99)] ?? NaN,
  }
}

function repeat(socket: Socket, request: Buffer, deadline: number, milliseconds: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0
    let missing = 0
    const send = (): void => {
      sent = performance.now()
      if (sent >= deadline) return void socket.end(resolve)
      socket.write(request)
    }
    socket.setNoDelay(true)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server closed a connection')))
    socket.once('connect', send)
    socket.on('data', (chunk: Buffer) => {
      try {
        missing = missing === 0 ? lengthOf(chunk) - chunk.length : missing - chunk.length
      } catch (error) {
        return void socket.destroy(error as Error)
      }
      if (missing > 0) return
      milliseconds.push(performance.now() - sent)
      send()
    })
  })
}

/** How long the answer is that begins with this chunk, its head included. */
function lengthOf(chunk: Buffer): number {
  const end = chunk.indexOf('\r\n\r\n')
  const head = chunk.toString('latin1', 0, end)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (end < 0 || !head.startsWith('HTTP/1.1 200 ') || length === undefined)
    throw new Error(`not a whole 200: ${head.slice(0, 200)}`)
  return end + 4 + Number(length)
}
