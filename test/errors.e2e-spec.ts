import { connect } from 'node:net'
import { operatorKey, startApp, type TestApp } from './support/app.ts'
import type { Answer, Json } from './support/client.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})

afterAll(async () => {
  await app.close()
})

const native = { code: expect.any(String), message: expect.any(String) }

test.each(['/nowhere', '/docs/nowhere'])('an unmatched route is 404 in the native shape: %s', async (path) => {
  const { status, body, headers } = await app.anonymous.get(path)
  expect(status).toBe(404)
  expect(body).toEqual({ code: 'not_found', message: expect.stringContaining(path) })
  expect(headers.get('content-type')).toContain('application/json')
})

test('HEAD is 404 where GET would be', async () => {
  expect((await fetch(`${app.url}/docs/nowhere`, { method: 'HEAD' })).status).toBe(404)
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

test.each([
  ['{"name":"x",}', 'The body is not JSON: it breaks off at position 12'],
  ['[1,]', `The body is not JSON: ']' is not expected in "[1,]"`],
  [`{"name":"${'x'.repeat(50)}","slug":y}`, `The body is not JSON: 'y' is not expected in ..."x","slug":y}"`],
  ['{"name":"x"', 'The body is not JSON: it breaks off at position 11'],
  ['', 'A body is required: it must be a JSON object, sent as application/json'],
  ['{"name":', 'The body is not JSON: it breaks off at its end'],
  ['null', 'The body must be a JSON object, sent as application/json'],
  ['undefined', 'The body is not JSON: it is "undefined"'],
  ['[object Object]', 'The body is not JSON: it is "[object Object]"'],
  ['x at position 9', `The body is not JSON: 'x' is not expected in "x at position 9"`],
  ['{}', 'name is required: it must be a string'],
])('what is wrong with a body is said: %s', async (text, message) => {
  const { status, body } = await app.operator.send('POST', '/v1/tenants', text, { 'content-type': 'application/json' })
  expect(status).toBe(400)
  expect(body['message']).toContain(message)
})

describe('a body that would take long to check', () => {
  const names = Array.from({ length: 100_000 }, (_, index) => index.toString(36))
  const send = async (body: object): Promise<Json> => {
    const { body: tenant } = await app.operator.post('/v1/tenants', { name: 'x', slug: `slow-${++tenants}` })
    const key = { 'x-api-key': tenant['api_key'] as string, 'x-tenant-id': tenant['id'] as string }
    const { status, body: refused } = await app.anonymous.post('/v1/identities', { name: 'x', ...body }, key)
    expect(status).toBe(400)
    return refused
  }
  let tenants = 0

  it('is refused by the length of a set, before its members are compared', async () => {
    expect(await send({ authorities: names })).toMatchObject({
      code: 'invalid_body',
      message: 'authorities must contain no more than 5 elements',
    })
  })

  it('is refused by the number of members of an object, wherever it stands', async () => {
    const many = (count: number): object => Object.fromEntries(names.slice(0, count).map((name) => [`_${name}`, 1]))
    const message = (at: string): object => ({ message: `The value at ${at} has more than 2000 members` })
    expect(await send(many(2000))).toMatchObject(message('the top'))
    expect(await send({ attributes: { a: [many(2001)] } })).toMatchObject(message('/attributes/a/0'))
    expect(await send({ attributes: { a: [many(2000)] }, extra: 1 })).toMatchObject({
      message: 'extra is not known here',
    })
  })

  it('is told the first hundred of its errors', async () => {
    const { message, details } = await send(Object.fromEntries(names.slice(0, 150).map((name) => [`_${name}`, 1])))
    expect(message).toMatch(/^_0 is not known here; .* and 50 more$/)
    expect((details as { fields: object[] }).fields).toHaveLength(100)
  })
})

test.each(['-1', '0', '251', '1.5', 'x', ''])('what a limit may be is said to who asks for "%s"', async (limit) => {
  const { status, body } = await app.operator.get(`/v1/tenants?limit=${limit}`)
  expect(status).toBe(400)
  expect(body).toMatchObject({ code: 'invalid_parameter', message: 'limit must be a whole number from 1 to 250' })
})

test('what would be right is said of a body that is too large or of another type, and of a path', async () => {
  const send = (path: string, type: string, text: string): Promise<Answer<Json>> =>
    app.operator.send('POST', path, text, { 'content-type': type })
  const tooLarge = await send('/v1/tenants', 'application/json', `"${'x'.repeat(1_100_000)}"`)
  expect(tooLarge.body).toEqual({
    code: 'payload_too_large',
    message: 'The body must not be larger than 1048576 bytes',
    details: { limit: 1_048_576 },
  })
  const types = [
    await send('/v1/tenants', 'text/plain', '{}'),
    await send('/v1/tenants', '', '{}'),
    await send('/v1/imports', 'text/csv', 'a,b'),
  ]
  expect(types.map(({ status, body }) => [status, body['message']])).toEqual([
    [415, 'This address takes application/json, not text/plain'],
    [415, 'This address takes application/json, not a body without a content type'],
    [415, 'This address takes application/x-ndjson, not text/csv'],
  ])
  const long = await app.operator.get(`/v1/tenants/${'x'.repeat(600)}`)
  expect([long.status, long.body['message']]).toEqual([414, 'No part of a path is longer than 512 characters'])
})

test('a content type that no route takes is 415', async () => {
  const { status, body } = await app.operator.send('POST', '/v1/tenants', '<a/>', { 'content-type': 'application/xml' })
  expect(body).toMatchObject({ ...native, code: 'unsupported_media_type' })
  expect(status).toBe(415)
})

test.each([
  ['nothing', '', ''],
  ['Content-Length: 0', 'Content-Length: 0\r\n', ''],
  ['no chunks', 'Transfer-Encoding: chunked\r\n', '0\r\n\r\n'],
])('a request that takes no body may name the type of one that it does not have: %s', async (name, header, body) => {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const { body: tenant } = await app.operator.post('/v1/tenants', { name, slug })
  const answer = await speak(
    `DELETE /v1/tenants/${tenant['id']} HTTP/1.1\r\nHost: a\r\nX-API-Key: ${operatorKey}\r\nContent-Type: application/json\r\n${header}Connection: close\r\n\r\n${body}`,
  )
  expect(answer).toMatch(/^HTTP\/1.1 204 /)
})

test.each([
  [
    'in a charset other than UTF-8',
    'application/json; charset=iso-8859-1',
    {},
    Buffer.from('{"name":"caf\xe9"}', 'latin1'),
    415,
  ],
  ['that is compressed', 'application/json', { 'content-encoding': 'gzip' }, Buffer.from('{}'), 415],
  ['that is not UTF-8', 'application/json', {}, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
])('a body %s is refused, never altered', async (_, type, headers, bytes, status) => {
  const answer = await app.operator.send('POST', '/v1/tenants', bytes, { 'content-type': type, ...headers })
  expect(answer.status).toBe(status)
  expect(answer.body).toMatchObject(native)
})

test.each(['toString', 'hasOwnProperty', 'valueOf', 'constructor'])(
  'a field or parameter %s is refused like any other unknown one',
  async (name) => {
    const body = await app.operator.send('POST', '/v1/tenants', `{"name":"x","slug":"x","${name}":1}`, {
      'content-type': 'application/json',
    })
    expect([body.status, body.body['code']]).toEqual([400, 'invalid_body'])
    expect((await app.operator.get(`/v1/tenants?${name}=1`)).status).toBe(400)
  },
)

test.each(['1', '"1', 'garbage"', '"1" "2"', ''])('an If-Match of %j is refused', async (header) => {
  const answer = await speak(
    `DELETE /v1/tenants/019a0000-0000-7000-8000-000000000000 HTTP/1.1\r\nHost: a\r\nX-API-Key: ${operatorKey}\r\nIf-Match: ${header}\r\nConnection: close\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1.1 400 /)
  expect(answer).toContain('If-Match must be')
})

test('a request without Host, or with an expectation, is refused in the native shape', async () => {
  const noHost = await speak('GET /v1/grants HTTP/1.1\r\nConnection: close\r\n\r\n')
  expect(noHost).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"invalid_request"/)
  const expectation = await speak('GET /v1/grants HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n')
  expect(expectation).toMatch(/^HTTP\/1.1 417 [\s\S]*"code":"invalid_request"/)
})

test('CONNECT is answered: this is no proxy', async () => {
  const answer = await speak('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1.1 405 [\s\S]*"code":"method_not_allowed"/)
})

test.each(['//v1/grants', '/%76%31/grants', '/v1//grants', '/v1/grants/'])(
  '%s is the route that it leads to, and wants its X-Tenant-ID',
  async (path) => {
    const { status, body } = await app.operator.get(path)
    expect([status, body['code']]).toEqual([400, 'invalid_tenant_id'])
  },
)

test('a client that goes away in the middle of its body does the server no harm', async () => {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  socket.write(
    `POST /v1/tenants HTTP/1.1\r\nHost: a\r\nX-API-Key: ${operatorKey}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"name":`,
  )
  await new Promise((resolve) => setImmediate(resolve))
  socket.destroy()
  expect((await app.anonymous.get('/readyz')).status).toBe(200)
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

test.each(['/health', '/v1/grants', '/nowhere', '/docs', '/openapi.json'])(
  'an answer tells browsers to be careful with it: %s',
  async (path) => {
    const { headers } = await app.anonymous.get(path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': expect.stringContaining('max-age='),
    })
  },
)

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
