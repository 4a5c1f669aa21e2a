import { startApp, type TestApp } from './support/app.ts'
import { DatabaseLink } from './support/database-link.ts'
import { testDatabase } from './support/postgres.ts'
import { eventually } from './support/world.ts'

let app: TestApp
let link: DatabaseLink

beforeAll(async () => {
  link = await DatabaseLink.to(await testDatabase())
  app = await startApp({}, link.database)
})

afterAll(async () => {
  await app.close()
  await link.close()
})

test('without its database the server answers 503 with Retry-After, stays alive, and recovers by itself', async () => {
  expect((await app.operator.get('/v1/tenants')).status).toBe(200)
  await link.cut()
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
  await link.mend()
  await eventually(async () => expect((await app.operator.get('/v1/tenants')).status).toBe(200))
  expect((await app.operator.post('/v1/tenants', { name: 'x', slug: 'x' })).status).toBe(201)
})

test('a database that says nothing makes the server not ready, and its answers 503 after a few seconds', async () => {
  expect((await app.anonymous.get('/readyz')).status).toBe(200)
  const { body: made } = await app.operator.post('/v1/tenants', { name: 'Silent', slug: 'silent' })
  const key = { 'x-api-key': made['api_key'] as string, 'x-tenant-id': made['id'] as string }
  expect((await app.anonymous.get('/v1/grants', key)).status).toBe(200)
  link.silence()
  const answers = await Promise.all([app.anonymous.get('/readyz'), app.anonymous.get('/v1/grants', key)])
  expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([0, 1].map(() => [503, 'unavailable']))
  expect((await app.anonymous.get('/healthz')).status).toBe(200)
  link.speak()
  await eventually(async () => expect((await app.anonymous.get('/readyz')).status).toBe(200))
  expect((await app.anonymous.get('/v1/grants', key)).status).toBe(200)
})
