import { connect } from 'node:net'
import { startApp, type TestApp } from './support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})

afterAll(async () => {
  await app.close()
})

const native = { code: expect.any(String), message: expect.any(String) }

test('an unmatched route is 404 in the native shape', async () => {
  const { status, body, headers } = await app.anonymous.get('/nowhere')
  expect(status).toBe(404)
  expect(body).toEqual({ code: 'not_found', message: expect.stringContaining('/nowhere') })
  expect(headers.get('content-type')).toContain('application/json')
})

test('a known path with another method is 405 and says which methods it answers', async () => {
  const { status, body, headers } = await app.anonymous.send('PATCH', '/v1/grants', {})
  expect(status).toBe(405)
  expect(headers.get('allow')).toBe('GET, POST')
  expect(body).toMatchObject({ code: 'method_not_allowed', details: { allowed: ['GET', 'POST'] } })
})

test.each([
  ['{"a":', 400, 'invalid_body'],
  ['{"a":1}x', 400, 'invalid_body'],
  ['', 400, 'invalid_body'],
  ['{"__proto__":{"admin":true}}', 400, 'invalid_body'],
  ['{"constructor":{"prototype":{}}}', 400, 'invalid_body'],
  ['{"a":"\\u0000"}', 400, 'invalid_body'],
  ['{"a":"\\ud800"}', 400, 'invalid_body'],
  ['{"a":9007199254740993}', 400, 'invalid_body'],
  ['{"a":1e999}', 400, 'invalid_body'],
  [`${'['.repeat(40)}${']'.repeat(40)}`, 400, 'invalid_body'],
  [`{"a":"${'x'.repeat(1_100_000)}"}`, 413, 'payload_too_large'],
])('a hostile body is refused with its own code: %.40s', async (text, status, code) => {
  const answer = await app.operator.send('POST', '/v1/tenants', text, { 'content-type': 'application/json' })
  expect(answer.body).toMatchObject({ ...native, code })
  expect(answer.status).toBe(status)
})

test('a content type that no route takes is 415', async () => {
  const { status, body } = await app.operator.send('POST', '/v1/tenants', '<a/>', { 'content-type': 'application/xml' })
  expect(body).toMatchObject({ ...native, code: 'unsupported_media_type' })
  expect(status).toBe(415)
})

test('an address longer than 16 KiB is 414', async () => {
  const { status, body } = await app.anonymous.get(`/v1/grants?cursor=${'a'.repeat(17_000)}`)
  expect([status, body['code']]).toEqual([414, 'uri_too_long'])
})

test('headers beyond the parser’s limit are 431 in the native shape', async () => {
  const answer = await speak(`GET /v1/grants HTTP/1.1\r\nHost: a\r\nX-Big: ${'a'.repeat(70_000)}\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1.1 431 /)
  expect(answer).toContain('"code":"headers_too_large"')
})

test('what is not HTTP is 400 in the native shape', async () => {
  const answer = await speak('BLUB\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('"code":"invalid_request"')
})

test('an address that is not well-formed is 400', async () => {
  const answer = await speak('GET /v1/grants/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('"code":"invalid_request"')
})

test('a header that decides something may be sent once', async () => {
  const answer = await speak(
    'GET /v1/grants HTTP/1.1\r\nHost: a\r\nX-API-Key: a\r\nX-API-Key: b\r\nConnection: close\r\n\r\n',
  )
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('X-API-Key must be sent once')
})

test('the request id is taken when it is printable, made when it is not, and comes back', async () => {
  const taken = await app.anonymous.get('/healthz', { 'x-request-id': 'abc 123' })
  const made = await app.anonymous.get('/healthz', { 'x-request-id': 'x'.repeat(129) })
  expect(taken.headers.get('x-request-id')).toBe('abc 123')
  expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

test('health and readiness need no credential', async () => {
  expect((await app.anonymous.get('/healthz')).body).toEqual({ status: 'ok' })
  expect((await app.anonymous.get('/readyz')).body).toEqual({ status: 'ok' })
})

function speak(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
    let answer = ''
    socket.on('data', (data) => (answer += data.toString()))
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
    socket.setTimeout(5000, () => socket.destroy(new Error(`no answer: ${answer}`)))
    socket.write(text)
  })
}
