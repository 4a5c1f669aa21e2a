import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApp, type TestApp } from './support/app.ts'
import { testDatabase } from './support/postgres.ts'
import { eventually } from './support/world.ts'

/* The application behind a socket of ours, which can be cut. */

let app: TestApp
let folder: string
let proxy: Server
let target: string
const sockets = new Set<Socket>()

beforeAll(async () => {
  const database = await testDatabase()
  const url = new URL(database.appUrl)
  target = join(url.searchParams.get('host') ?? '', '.s.PGSQL.5432')
  folder = await mkdtemp(join(tmpdir(), 'castellan-proxy-'))
  await listen()
  url.searchParams.set('host', folder)
  app = await startApp({}, { ...database, appUrl: url.href })
})

afterAll(async () => {
  await app.close()
  await cut()
  await rm(folder, { recursive: true })
})

async function listen(): Promise<void> {
  proxy = createServer((socket) => {
    const upstream = connect(target)
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(from)
      from
        .on('error', () => to.destroy())
        .on('close', () => to.destroy())
        .pipe(to)
    }
  })
  await new Promise<void>((resolve) => proxy.listen(join(folder, '.s.PGSQL.5432'), resolve))
}

async function cut(): Promise<void> {
  const closed = new Promise((resolve) => proxy.close(resolve))
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await closed
}

test('without its database the server answers 503 with Retry-After, stays alive, and recovers by itself', async () => {
  expect((await app.operator.get('/v1/tenants')).status).toBe(200)
  await cut()
  const down = await Promise.all(Array.from({ length: 20 }, () => app.operator.get('/v1/tenants')))
  for (const { status, headers, body } of down) {
    expect([status, body['code']]).toEqual([503, 'unavailable'])
    expect(headers.get('retry-after')).toBe('1')
    expect(Object.keys(body).toSorted()).toEqual(['code', 'message'])
  }
  expect((await app.anonymous.get('/healthz')).status).toBe(200)
  expect((await app.anonymous.get('/readyz')).status).toBe(503)
  const write = await app.operator.post('/v1/tenants', { name: 'x', slug: 'x' })
  expect([write.status, write.body['code']]).toEqual([503, 'unavailable'])
  await listen()
  await eventually(async () => expect((await app.operator.get('/v1/tenants')).status).toBe(200))
  expect((await app.operator.post('/v1/tenants', { name: 'x', slug: 'x' })).status).toBe(201)
})
