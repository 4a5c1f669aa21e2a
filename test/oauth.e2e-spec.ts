import { decodeJwt, decodeProtectedHeader } from 'jose'
import { SigningKeys } from '#platform'
import { Client, type Json } from './support/client.ts'
import { startApp, type TestApp } from './support/app.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let second: TestApp
let client: Json

interface Form {
  query?: Record<string, string>
  form?: Record<string, string>
  multipart?: Record<string, string>
  json?: unknown
  basic?: string
}

async function token(
  { query, form, multipart, json, basic }: Form,
  url = world.url,
): Promise<{ status: number; headers: Headers; body: Json }> {
  const parts = new FormData()
  for (const [name, value] of Object.entries(multipart ?? {})) parts.append(name, value)
  const body = form ? new URLSearchParams(form) : multipart ? parts : json === undefined ? null : JSON.stringify(json)
  const headers = {
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...(basic !== undefined && { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
  }
  const answer = await fetch(`${url}/oauth/token${query ? `?${new URLSearchParams(query)}` : ''}`, {
    method: 'POST',
    headers,
    body,
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Json }
}

const credentials = (of: Json = client): Record<string, string> => ({
  client_id: of['client_id'] as string,
  client_secret: of['client_secret'] as string,
})
const whole = (of: Json = client): Record<string, string> => ({ grant_type: 'client_credentials', ...credentials(of) })
const bearer = (text: string, tenantId = world.acme.id, url = world.url): Client =>
  new Client(url, { authorization: `Bearer ${text}`, 'x-tenant-id': tenantId })
const newClient = async (body: Json): Promise<Json> => (await world.acme.admin.post('/v1/oauth-clients', body)).body

beforeAll(async () => {
  world = await startWorld()
  second = await startApp({}, world.database)
  client = await newClient({ name: 'Terraform', scopes: ['identities:read', 'api_keys:read'] })
})

afterAll(async () => {
  await second.close()
  await world.close()
})

describe('POST /oauth/token', () => {
  it('takes its parameters in all five forms, and mixed', async () => {
    const { client_id, client_secret } = credentials()
    const basic = `${client_id}:${client_secret}`
    const forms: Form[] = [
      { query: whole() },
      { form: whole() },
      { multipart: whole() },
      { json: whole() },
      { form: { grant_type: 'client_credentials' }, basic },
      { query: { grant_type: 'client_credentials' }, form: credentials() },
      { query: { grant_type: 'client_credentials' }, basic },
      { query: whole(), form: whole(), basic },
    ]
    for (const form of forms) {
      const { status, headers, body } = await token(form)
      expect([form, status]).toEqual([form, 200])
      expect(body).toMatchObject({
        token_type: 'bearer',
        expires_in: 3600,
        scope: 'identities:read api_keys:read',
        tenant_id: world.acme.id,
      })
      expect(headers.get('cache-control')).toBe('no-store')
      expect((await bearer(body['access_token']).get('/v1/api-keys')).status).toBe(200)
    }
  })

  it('gives a token that says who, for whom, from when and until when', async () => {
    const { body } = await token({ form: whole() })
    const claims = decodeJwt(body['access_token'])
    expect(decodeProtectedHeader(body['access_token'])).toMatchObject({
      alg: 'RS256',
      kid: expect.any(String) as unknown,
    })
    expect(claims).toMatchObject({
      iss: 'http://castellan.test',
      aud: 'castellan',
      sub: client['id'],
      client_id: client['client_id'],
      tenant_id: world.acme.id,
      jti: body['jti'],
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600)
    expect(claims.nbf).toBe(claims.iat)
  })

  it('gives fewer scopes when fewer are asked for, and never more than the client has', async () => {
    const { body } = await token({ form: { ...whole(), scope: 'api_keys:read' } })
    expect(body['scope']).toBe('api_keys:read')
    const allowed = bearer(body['access_token'])
    expect([(await allowed.get('/v1/api-keys')).status, (await allowed.get('/v1/identities')).status]).toEqual([
      200, 403,
    ])
    for (const scope of ['grants:write', 'everything', 'api_keys:read grants:write']) {
      const refused = await token({ form: { ...whole(), scope } })
      expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_scope'])
    }
  })

  it('refuses a scope that names none, and takes an empty one for left out', async () => {
    for (const scope of [' ', '   ']) {
      const refused = await token({ form: { ...whole(), scope } })
      expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_scope'])
    }
    expect((await token({ form: { ...whole(), scope: '' } })).body['scope']).toBe('identities:read api_keys:read')
  })

  it('speaks for the identity that the client is bound to', async () => {
    const personal = await newClient({
      name: "Alice's",
      identity_id: world.acme.people.alice,
      scopes: ['registry:read'],
    })
    const { body } = await token({ form: whole(personal) })
    expect(body['identity_id']).toBe(world.acme.people.alice)
    const me = await bearer(body['access_token']).get('/v1/users/me/profile')
    expect(me.body).toMatchObject({
      id: world.acme.people.alice,
      name: 'alice',
      tenant: { slug: 'acme' },
      scopes: ['registry:read'],
    })
    await world.acme.admin.patch(`/v1/identities/${world.acme.people.alice}`, { lifecycle_state: 'inactive' })
    expect((await bearer(body['access_token']).get('/v1/users/me/profile')).status).toBe(401)
    expect((await token({ form: whole(personal) })).status).toBe(401)
    await world.acme.admin.patch(`/v1/identities/${world.acme.people.alice}`, { lifecycle_state: 'active' })
    expect((await bearer(body['access_token']).get('/v1/users/me/profile')).status).toBe(200)
  })

  it('refuses in the form of RFC 6749', async () => {
    const { client_id, client_secret } = credentials()
    const other = credentials(await newClient({ name: 'Other' }))
    const cases: [Form, number, string][] = [
      [{ form: { ...whole(), grant_type: 'password' } }, 400, 'unsupported_grant_type'],
      [{ form: credentials() }, 400, 'invalid_request'],
      [{}, 400, 'invalid_request'],
      [{ form: { grant_type: 'client_credentials' } }, 401, 'invalid_client'],
      [{ form: { ...whole(), client_secret: other['client_secret'] as string } }, 401, 'invalid_client'],
      [{ form: { ...whole(), client_id: `${client_id}x` } }, 401, 'invalid_client'],
      [{ form: { ...whole(), client_id: "' or 1=1 --" } }, 401, 'invalid_client'],
      [{ query: whole(), form: { client_id: other['client_id'] as string } }, 400, 'invalid_request'],
      [{ form: whole(), basic: `${other['client_id']}:${other['client_secret']}` }, 400, 'invalid_request'],
      [{ json: { ...whole(), client_secret: 12 } }, 400, 'invalid_request'],
      [{ json: { ...whole(), client_secret: [client_secret] } }, 400, 'invalid_request'],
      [{ json: [] }, 400, 'invalid_request'],
      [{ form: { grant_type: 'client_credentials' }, basic: 'no colon' }, 401, 'invalid_client'],
      [{ form: { grant_type: 'client_credentials' }, basic: '%zz:%zz' }, 401, 'invalid_client'],
    ]
    for (const [form, status, error] of cases) {
      const answer = await token(form)
      expect([form, answer.status, answer.body]).toEqual([
        form,
        status,
        { error, error_description: expect.any(String) as unknown },
      ])
      expect(answer.headers.get('www-authenticate') !== null).toBe(status === 401)
    }
  })

  it('refuses repeated parameters, files and bodies that it cannot read, in the same form', async () => {
    const send = async (body: string | FormData, type?: string): Promise<[number, string]> => {
      const answer = await fetch(`${world.url}/oauth/token`, {
        method: 'POST',
        body,
        ...(type && { headers: { 'content-type': type } }),
      })
      return [answer.status, ((await answer.json()) as Json)['error'] as string]
    }
    const file = new FormData()
    file.append('client_id', new Blob(['x']), 'x.txt')
    expect(await send(file)).toEqual([400, 'invalid_request'])
    expect(await send(`${new URLSearchParams(whole())}&client_id=other`, 'application/x-www-form-urlencoded')).toEqual([
      400,
      'invalid_request',
    ])
    expect(await send('{', 'application/json')).toEqual([400, 'invalid_request'])
    expect(await send('x', 'text/csv')).toEqual([415, 'invalid_request'])
    expect(await send('x', 'multipart/form-data')).toEqual([400, 'invalid_request'])
    expect(
      await send(
        '--x\r\ncontent-disposition: form-data; name="client_id"\r\n\r\nunfinished',
        'multipart/form-data; boundary=x',
      ),
    ).toEqual([400, 'invalid_request'])
  })

  it('answers other methods and paths in the same form', async () => {
    const wrongMethod = await world.anonymous.get('/oauth/token')
    expect([wrongMethod.status, wrongMethod.body['error'], wrongMethod.headers.get('allow')]).toEqual([
      405,
      'invalid_request',
      'POST',
    ])
    expect((await world.anonymous.get('/oauth/nothing')).body).toMatchObject({ error: 'invalid_request' })
  })
})

describe('an OAuth client', () => {
  it('that is revoked gets no token, and its tokens are refused at once by every process', async () => {
    const doomed = await newClient({ name: 'Doomed', scopes: ['api_keys:read'] })
    const { body } = await token({ form: whole(doomed) })
    const both = [bearer(body['access_token']), bearer(body['access_token'], world.acme.id, second.url)]
    for (const each of both) expect((await each.get('/v1/api-keys')).status).toBe(200)
    expect((await world.acme.admin.delete(`/v1/oauth-clients/${doomed['id']}`)).status).toBe(204)
    for (const each of both) expect((await each.get('/v1/api-keys')).status).toBe(401)
    expect((await token({ form: whole(doomed) })).status).toBe(401)
    expect((await world.acme.admin.delete(`/v1/oauth-clients/${doomed['id']}`)).status).toBe(404)
  })

  it('that ends gets no token from then on, its tokens are refused, and what it makes ends with it', async () => {
    const expires_at = new Date(Date.now() + 600_000).toISOString()
    const ending = await newClient({ name: 'For ten minutes', scopes: ['api_keys:read', 'api_keys:write'], expires_at })
    expect(ending['expires_at']).toBe(expires_at)
    const { body } = await token({ form: whole(ending) })
    const allowed = bearer(body['access_token'])
    const { body: made } = await allowed.post('/v1/api-keys', { name: 'Heir' })
    expect(made['expires_at']).toBe(expires_at)
    expect((await allowed.post('/v1/api-keys', { name: 'Immortal', expires_at: null })).status).toBe(400)
    await world.moveClock(601)
    const answers = [(await allowed.get('/v1/api-keys')).status, (await token({ form: whole(ending) })).status]
    await world.moveClock(0)
    expect(answers).toEqual([401, 401])
    const past = await world.acme.admin.post('/v1/oauth-clients', { name: 'x', expires_at: '2020-01-01T00:00:00Z' })
    expect([past.status, past.body['details']]).toEqual([400, { field: 'expires_at' }])
  })

  it('has all that its maker has when no scopes are named, and never more', async () => {
    const maker = await newClient({ name: 'Maker', scopes: ['oauth_clients:write', 'oauth_clients:read'] })
    const { body } = await token({ form: whole(maker) })
    const made = await bearer(body['access_token']).post('/v1/oauth-clients', { name: 'Heir' })
    expect(made.body['scopes']).toEqual(maker['scopes'])
    const greedy = await bearer(body['access_token']).post('/v1/oauth-clients', {
      name: 'Greedy',
      scopes: ['grants:write'],
    })
    expect([greedy.status, greedy.body['details']]).toEqual([403, { excess_scopes: ['grants:write'] }])
  })

  it('is listed with its client_id and without its secret', async () => {
    const { body, text } = await world.acme.admin.get('/v1/oauth-clients')
    expect(body['data']).toContainEqual(expect.objectContaining({ id: client['id'], client_id: client['client_id'] }))
    expect(text).not.toContain('client_secret')
    expect((await world.globex.admin.get('/v1/oauth-clients')).body['data']).toEqual([])
    expect((await world.globex.admin.delete(`/v1/oauth-clients/${client['id']}`)).status).toBe(404)
  })

  it('of a deleted tenant is refused with its tokens', async () => {
    const made = await world.operator.post('/v1/tenants', { name: 'Gone', slug: 'gone' })
    const admin = new Client(world.url, {
      'x-api-key': made.body['api_key'] as string,
      'x-tenant-id': made.body['id'] as string,
    })
    const theirs = (await admin.post('/v1/oauth-clients', { name: 'x' })).body
    const { body } = await token({ form: whole(theirs) })
    expect((await bearer(body['access_token'], made.body['id']).get('/v1/api-keys')).status).toBe(200)
    await world.operator.delete(`/v1/tenants/${made.body['id']}`)
    expect((await bearer(body['access_token'], made.body['id']).get('/v1/api-keys')).status).toBe(401)
    expect((await token({ form: whole(theirs) })).status).toBe(401)
  })
})

describe('the signing keys', () => {
  const jwks = async (url = world.url): Promise<Json[]> => {
    const { body, headers } = await new Client(url).get('/.well-known/jwks.json')
    expect(headers.get('cache-control')).toContain('max-age')
    return body['keys'] as Json[]
  }

  it('are published without their private halves, where discovery says', async () => {
    const { body } = await world.anonymous.get('/.well-known/openid-configuration')
    expect(body).toMatchObject({
      issuer: 'http://castellan.test',
      jwks_uri: 'http://castellan.test/.well-known/jwks.json',
      token_endpoint: 'http://castellan.test/oauth/token',
    })
    for (const key of await jwks()) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  })

  it('change without downtime: old tokens hold until they expire, every process takes the new ones at once', async () => {
    const before = (await token({ form: whole() })).body['access_token'] as string
    expect((await bearer(before, world.acme.id, second.url).get('/v1/api-keys')).status).toBe(200)
    const { kid } = await world.app.get(SigningKeys).rotate()
    expect((await jwks()).map((key) => key['kid'])).toEqual([kid, decodeProtectedHeader(before).kid])
    for (const url of [world.url, second.url]) {
      const after = (await token({ form: whole() }, url)).body['access_token'] as string
      expect(decodeProtectedHeader(after).kid).toBe(kid)
      for (const each of [before, after])
        expect((await bearer(each, world.acme.id, url).get('/v1/api-keys')).status).toBe(200)
      expect((await bearer(after, world.acme.id, second.url).get('/v1/api-keys')).status).toBe(200)
    }
  })

  it('verify the tokens of the client whose tokens are good for longest, and no longer when those have expired', async () => {
    const kid = decodeProtectedHeader((await token({ form: whole() })).body['access_token'] as string).kid
    await world.app.get(SigningKeys).rotate()
    await world.moveClock(43_200)
    expect((await jwks()).map((key) => key['kid'])).toContain(kid)
    await world.moveClock(43_200 + 121)
    const fresh = await startApp({}, world.database)
    expect(await jwks()).toHaveLength(1)
    expect(await jwks(fresh.url)).toHaveLength(1)
    await world.moveClock(0)
    await fresh.close()
  })

  it('are one, however many processes need the first at the same time', async () => {
    const alone = await startApp()
    const other = await startApp({}, alone.database)
    await Promise.all([alone, other, alone, other].map(({ url }) => jwks(url)))
    expect(await alone.asOwner('select kid from signing_keys')).toHaveLength(1)
    await Promise.all([other.close(), alone.close()])
  })

  it('are replaced when the operator key they are sealed under has changed; tokens signed before still hold', async () => {
    const before = (await token({ form: whole() })).body['access_token'] as string
    const changed = await startApp({ OPERATOR_API_KEY: 'another_operator_key_for_tests' }, world.database)
    const after = (await token({ form: whole() }, changed.url)).body['access_token'] as string
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid)
    for (const each of [before, after])
      expect((await bearer(each, world.acme.id, changed.url).get('/v1/api-keys')).status).toBe(200)
    await changed.close()
  })

  it('are stored sealed', async () => {
    const rows = await world.asOwner<{ private_key: Buffer }>('select private_key from signing_keys')
    for (const { private_key } of rows)
      expect(private_key.subarray(28, 32).equals(Buffer.from([0x30, 0x82, 0x04, 0xbd]))).toBe(false)
  })
})
