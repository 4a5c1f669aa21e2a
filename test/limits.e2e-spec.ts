import { jest } from '@jest/globals'
import { TenantsService } from '#directory'
import { operatorKey, startApp, type TestApp } from './support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp({ RATE_LIMIT: '5' })
})

afterAll(() => app.close())

test('an unexpected error is 500 with the request id and nothing internal, and the server goes on', async () => {
  const broken = jest.spyOn(app.app.get(TenantsService), 'get').mockImplementation(() => {
    throw new TypeError('select secret from signing_keys')
  })
  const { status, body, text } = await app.operator.get('/v1/tenants/2489e9ad-2ee2-8e00-8ec9-32d5f69181c0', {
    'x-request-id': 'find-me',
  })
  broken.mockRestore()
  expect(status).toBe(500)
  expect(body).toEqual({
    code: 'internal',
    message: expect.stringContaining('find-me'),
    details: { request_id: 'find-me' },
  })
  expect(text).not.toContain('signing_keys')
  expect((await app.anonymous.get('/healthz')).status).toBe(200)
})

test('a credential that asks too often gets 429 with Retry-After, and hears before how much is left', async () => {
  const other = await startApp({ RATE_LIMIT: '5' }, app.database)
  try {
    const answers = []
    for (let request = 0; request < 7; request++) answers.push(await other.operator.get('/v1/tenants'))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual([
      '4',
      '3',
      '2',
      '1',
      '0',
      '0',
      '0',
    ])
    const last = answers.at(-1)
    expect(last?.body['code']).toBe('rate_limited')
    expect(last?.headers.get('ratelimit-limit')).toBe('5')
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(last?.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  } finally {
    await other.close()
  }
})

test('one credential’s storm does not use up another’s requests', async () => {
  const tenant = await app.operator.post('/v1/tenants', { name: 'Quiet', slug: 'quiet' })
  expect(tenant.status).toBe(201)
  for (let request = 0; request < 6; request++) await app.operator.get('/v1/tenants')
  expect((await app.operator.get('/v1/tenants')).status).toBe(429)
  const key = { 'x-api-key': tenant.body['api_key'], 'x-tenant-id': tenant.body['id'] }
  expect((await app.anonymous.get('/v1/grants', key)).status).toBe(200)
})

test('tokens count as requests of their client, together with what it sends with them', async () => {
  const other = await startApp({ RATE_LIMIT: '5' }, app.database)
  try {
    const { body: made } = await other.operator.post('/v1/tenants', { name: 'Eager', slug: 'eager' })
    const tenant = { 'x-tenant-id': made['id'] as string }
    const key = { ...tenant, 'x-api-key': made['api_key'] as string }
    const { body: client } = await other.anonymous.post(
      '/v1/oauth-clients',
      { name: 'x', scopes: ['grants:read'] },
      key,
    )
    const { client_id, client_secret } = client
    const token = () =>
      other.anonymous.post('/oauth/token', { grant_type: 'client_credentials', client_id, client_secret })
    const first = await token()
    const bearer = { ...tenant, authorization: `Bearer ${first.body['access_token']}` }
    const answers = [
      first,
      await token(),
      await other.anonymous.get('/v1/grants', bearer),
      await token(),
      await token(),
    ]
    expect(answers.map(({ status, headers }) => [status, headers.get('ratelimit-remaining')])).toEqual(
      ['4', '3', '2', '1', '0'].map((remaining) => [200, remaining]),
    )
    const late = await token()
    expect([late.status, late.body['error']]).toEqual([429, 'temporarily_unavailable'])
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await other.anonymous.get('/v1/grants', bearer)).status).toBe(429)
  } finally {
    await other.close()
  }
})

test('an address is what the proxy says last, whatever the client claims: nobody is shut out in another’s name', async () => {
  const other = await startApp({ TRUST_PROXY: 'true' }, app.database)
  try {
    const from = (forwarded: string, key = 'wrong') =>
      other.anonymous.get('/v1/tenants', { 'x-api-key': key, 'x-forwarded-for': forwarded })
    for (let batch = 0; batch < 30; batch++)
      await Promise.all(Array.from({ length: 100 }, (_, each) => from(`192.0.2.1, 203.0.113.${each}, 198.51.100.7`)))
    expect((await from('198.51.100.7', operatorKey)).status).toBe(429)
    expect((await from('192.0.2.7, 198.51.100.7', operatorKey)).status).toBe(429)
    for (const innocent of ['192.0.2.1', '203.0.113.1']) expect((await from(innocent, operatorKey)).status).toBe(200)
  } finally {
    await other.close()
  }
})
