import { createPublicKey } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { SigningKeys } from '#platform'
import { Client, type Json } from './support/client.ts'
import { forge, hmac, newSigner, part, rsa, sign } from './support/forge.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
let good: string
let header: Json
let claims: Json
let attacker = newSigner('attacker')
let attempts = 0

const attempt = async (token: string, tenantId = world.acme.id): Promise<[number, string | undefined]> => {
  // Who keeps guessing is slowed down by address: each attempt comes from another one.
  const address = `198.18.${Math.floor(attempts / 200)}.${attempts++ % 200}`
  const headers = { authorization: `Bearer ${token}`, 'x-tenant-id': tenantId, 'x-forwarded-for': address }
  const answer = await new Client(world.url, headers).get('/v1/api-keys')
  if (answer.status === 401)
    expect(answer.body['message']).toBe('The credential is not valid: it may be mistyped, expired or revoked')
  return [answer.status, answer.body['code'] as string | undefined]
}
const refused = [401, 'unauthenticated']

/** Everything that the server's own key could say, were it ours to use. */
// prettier-ignore
const signedByServer = async (changes: Json, headers: Json = {}): Promise<string> => {

 
  const { kid, privateKey } = await world.app.get(SigningKeys).current()
 
  const payload = Object.fromEntries(Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined))
 
  return forge({ ...header, kid, ...headers }, payload, rsa('sha256', privateKey))
}

beforeAll(async () => {
  world = await startWorld({ TRUST_PROXY: 'true' })

  const { body: client } = await world.acme.admin.post('/v1/oauth-clients', {
    name: 'Victim',
    scopes: ['api_keys:read'],
  })

  const { body } = await world.anonymous.post('/oauth/token', {
    grant_type: 'client_credentials',
    client_id: client['client_id'],
    client_secret: client['client_secret'],
  })
  good = body['access_token'] as string
  header = decodeProtectedHeader(good) as Json
  claims = decodeJwt(good) as Json
})

afterAll(() => world.close())

describe('a token of this server', () => {
  it('is accepted as it was made, and only so', async () => {
    expect((await attempt(good))[0]).toBe(200)
    expect((await attempt(await signedByServer({})))[0]).toBe(200)
  })

  it('is refused with the algorithm none, however it is written', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, undefined, 0, ['RS256']]) {
      for (const signature of ['', 'x', part('none'), good.split('.')[2] ?? '']) {
        expect(await attempt(forge({ ...header, alg }, claims, () => signature))).toEqual(refused)
      }
    }
    expect(await attempt(`${part({ alg: 'none' })}.${part(claims)}`)).toEqual(refused)
  })

  it('is refused when it is signed by HMAC with the public key as the secret', async () => {
    const { body } = await world.anonymous.get('/.well-known/jwks.json')

    const [jwk] = body['keys'] as Json[]

    const key = createPublicKey({ key: jwk as { kty: string }, format: 'jwk' })

    const secrets = [
      key.export({ type: 'spki', format: 'pem' }),
      key.export({ type: 'pkcs1', format: 'pem' }),
      key.export({ type: 'spki', format: 'der' }),
      (key.export({ type: 'spki', format: 'pem' }) as string).trim(),
      JSON.stringify(jwk),
      Buffer.from(jwk?.['n'] as string, 'base64url'),
      '',
    ]
    for (const secret of secrets) {
      for (const [alg, hash] of [
        ['HS256', 'sha256'],
        ['HS384', 'sha384'],
        ['HS512', 'sha512'],
        ['RS256', 'sha256'],
      ] as const) {
        expect(await attempt(forge({ ...header, alg }, claims, hmac(hash, secret)))).toEqual(refused)
      }
    }
  })

  it('is refused under any key but our own: foreign kid, ours borrowed, none, or one that is no kid at all', async () => {
    // prettier-ignore

    const kids = [
      attacker.kid, header['kid'], undefined, '', null, 7, '../../../../dev/null', '/dev/null', "' or '1'='1", "x' union select '1", '00000000-0000-0000-0000-000000000000',
      `${header['kid']}\0`, 'http://169.254.169.254/', '__proto__', 'constructor', 'x'.repeat(5000),
    ]
    for (const kid of kids) {
      expect(await attempt(forge({ ...header, kid }, claims, rsa('sha256', attacker.privateKey)))).toEqual(refused)
    }
  })

  it('is refused when it brings its own key, or says where one is', async () => {
    const { createServer } = await import('node:http')
    let asked = 0

    const server = createServer((_, response) => {
      asked++
      response.end(JSON.stringify({ keys: [attacker.jwk] }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

    const address = server.address()

    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/keys`
    for (const extra of [{ jku: url }, { x5u: url }, { jwk: attacker.jwk }, { x5c: ['MIIB'] }]) {
      for (const kid of [attacker.kid, header['kid'], undefined]) {
        expect(await attempt(forge({ ...header, kid, ...extra }, claims, rsa('sha256', attacker.privateKey)))).toEqual(
          refused,
        )
      }
    }
    for (const extra of [
      { jku: url },
      { x5u: url },
      { jwk: attacker.jwk },
      { x5c: ['MIIB'] },
      { crit: ['exp'] },
      { b64: false, crit: ['b64'] },
    ]) {
      expect(await attempt(await signedByServer({}, extra))).toEqual(refused)
    }
    expect(asked).toBe(0)
    server.close()
  })

  it('is refused with another issuer, audience, type, or none', async () => {
    // prettier-ignore

    const wrong: Json[] = [
      { iss: 'http://castellan.test/' }, { iss: 'HTTP://CASTELLAN.TEST' }, { iss: undefined }, { iss: null }, { iss: ['http://castellan.test'] }, { iss: 'http://evil.test' },
      { aud: 'other' }, { aud: 'Castellan' }, { aud: undefined }, { aud: [] }, { aud: ['castellan', 'other'] }, { aud: { castellan: true } }, { aud: 'castellan ' },
    ]
    for (const changes of wrong)
      expect([changes, await attempt(await signedByServer(changes))]).toEqual([changes, refused])
    for (const typ of ['dpop+jwt', 'logout+jwt', 'JWS', 1])
      expect(await attempt(await signedByServer({}, { typ }))).toEqual(refused)
  })

  it('is refused outside of its time, with a minute for clocks that are off', async () => {
    const now = Math.floor(Date.now() / 1000)

    const wrong: Json[] = [
      { exp: now - 62 },
      { exp: 0 },
      { exp: -1 },
      { exp: undefined },
      { exp: null },
      { exp: String(now + 600) },
      { exp: '9'.repeat(30) },
      { exp: [now + 600] },
      { nbf: now + 65 },
      { nbf: 'x' },
      { nbf: null },
      { iat: now + 65 },
      { iat: 'x' },
      { iat: null },
    ]
    for (const changes of wrong)
      expect([changes, await attempt(await signedByServer(changes))]).toEqual([changes, refused])
    for (const changes of [
      { exp: now - 50 },
      { nbf: now + 50 },
      { iat: now + 50 },
      { nbf: undefined, iat: undefined },
    ]) {
      expect([changes, (await attempt(await signedByServer(changes)))[0]]).toEqual([changes, 200])
    }
  })

  it('is refused with times that are none, and when it would be good for more than ten years', async () => {
    const now = Math.floor(Date.now() / 1000)
    const tenYears = 10 * 365.25 * 24 * 3600
    // JSON.stringify would write null for the infinite ones.
    const payload = (name: string, text: string): string =>
      JSON.stringify({ ...claims, [name]: '@' }).replace('"@"', text)
    const { kid, privateKey } = await world.app.get(SigningKeys).current()
    for (const name of ['exp', 'nbf', 'iat']) {
      for (const text of ['1e999', '-1e999', '-1', '1e300', '9007199254740993', `${now}.5`, 'true', '{}', '""']) {
        const token = forge({ ...header, kid }, payload(name, text), rsa('sha256', privateKey))
        expect([name, text, await attempt(token)]).toEqual([name, text, refused])
      }
    }
    expect(await attempt(await signedByServer({ exp: (now + 600) * 1000 }))).toEqual(refused)
    expect(await attempt(await signedByServer({ exp: now + tenYears + 60 }))).toEqual(refused)
    expect((await attempt(await signedByServer({ exp: now + tenYears - 60 })))[0]).toBe(200)
  })

  it('of one tenant is 403 under the header of another, and cannot be moved there', async () => {
    expect(await attempt(good, world.globex.id)).toEqual([403, 'tenant_mismatch'])
    for (const tenantId of [world.acme.id, world.globex.id]) {
      expect(await attempt(await signedByServer({ tenant_id: world.globex.id }), tenantId)).toEqual(refused)
    }
    for (const tenant_id of [undefined, null, 'x', '', '00000000-0000-0000-0000-000000000000', [world.acme.id]]) {
      expect(await attempt(await signedByServer({ tenant_id }))).toEqual(refused)
    }
    const person = await signedByServer({
      tenant_id: world.globex.id,
      client_id: undefined,
      sub: world.acme.people.alice,
    })
    expect(await attempt(person, world.globex.id)).toEqual(refused)
  })

  it('never gives scopes that its client does not have, whatever it says', async () => {
    const token = await signedByServer({ scope: 'api_keys:read api_keys:write identities:read everything' })
    const client = new Client(world.url, { authorization: `Bearer ${token}`, 'x-tenant-id': world.acme.id })
    expect((await client.get('/v1/api-keys')).status).toBe(200)
    expect((await client.get('/v1/identities')).status).toBe(403)
    expect((await client.post('/v1/api-keys', { name: 'x' })).status).toBe(403)
  })

  it('is refused when a single bit of it changes, or its text does without changing its bytes', async () => {
    const parts = good.split('.')
    const texts: string[] = []
    for (const index of [0, 1, 2]) {
      const bytes = Buffer.from(parts[index] ?? '', 'base64url')
      for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ 1
        texts.push(parts.with(index, changed.toString('base64url')).join('.'))
      }
      const text = parts[index] ?? ''
      // The last character of a part can carry bits that no byte needs.
      for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
        if (!text.endsWith(character)) texts.push(parts.with(index, text.slice(0, -1) + character).join('.'))
      }
      for (const tail of ['=', '==', '%3D', '.', '!', 'A', 'AA', 'AAAA'])
        texts.push(parts.with(index, text + tail).join('.'))
      texts.push(parts.with(index, '').join('.'), parts.with(index, `${text.slice(0, 10)}+${text.slice(11)}`).join('.'))
    }
    texts.push(
      `${good}.`,
      `${good}.${parts[2]}`,
      `.${good}`,
      parts.slice(0, 2).join('.'),
      `${parts[0]}..${parts[2]}`,
      '.',
      '..',
      '...',
      'x',
      'null',
    )
    for (const text of texts) expect([text, await attempt(text)]).toEqual([text, refused])
  })

  it('is refused when its parts are not what they should be, or too large', async () => {
    const seal = rsa('sha256', attacker.privateKey)
    for (const each of ['[]', '"x"', 'null', '1', '{', '', '\u0000', '{"a":1}x']) {
      expect(await attempt(forge(each, claims, seal))).toEqual(refused)
      expect(await attempt(forge(header, each, seal))).toEqual(refused)
    }
    expect(await attempt(await signedByServer({ padding: 'x'.repeat(8192) }))).toEqual(refused)
  })

  it('needs the scheme Bearer, in any case', async () => {
    const status = async (authorization: string): Promise<number> =>
      (await new Client(world.url, { authorization, 'x-tenant-id': world.acme.id }).get('/v1/api-keys')).status
    expect([await status(`bearer ${good}`), await status(`BEARER ${good}`)]).toEqual([200, 200])
    for (const text of [
      good,
      `Basic ${good}`,
      `Token ${good}`,
      'Bearer',
      `Bearer ${good} ${good}`,
      `Bearer ${good}, Bearer ${good}`,
    ]) {
      expect([text.slice(0, 12), await status(text)]).toEqual([text.slice(0, 12), 401])
    }
  })

  it('signed by an attacker who copies everything else is refused', async () => {
    attacker = newSigner(header['kid'] as string)
    expect(await attempt(await sign(attacker, claims))).toEqual(refused)
    expect(await attempt(await sign(newSigner(header['kid'] as string, 'ES256'), claims))).toEqual(refused)
    expect(await attempt(await sign({ ...attacker, alg: 'PS256' }, claims))).toEqual(refused)
  })
})

describe('who am I', () => {
  it('tells a signed-in person of themselves, and machines that there is nobody', async () => {
    const bob = await world.acme.as('bob')
    const me = await bob.get('/v1/users/me/profile')
    expect([me.status, me.body]).toEqual([
      200,
      expect.objectContaining({
        id: world.acme.people.bob,
        name: 'bob',
        groups: [],
        tenant: { id: world.acme.id, name: 'acme', slug: 'acme' },
      }),
    ])
    expect((await world.acme.admin.get('/v1/users/me/profile')).status).toBe(403)
    expect(
      (
        await new Client(world.url, { authorization: `Bearer ${good}`, 'x-tenant-id': world.acme.id }).get(
          '/v1/users/me/profile',
        )
      ).status,
    ).toBe(403)
  })

  it('tells every credential which scopes there are and which it has', async () => {
    const { body } = await (await world.acme.as('bob')).get('/v1/permissions')
    const grants = (body['data'] as Json[]).find(({ resource }) => resource === 'grants')
    expect(grants?.['scopes']).toContainEqual({
      scope: 'grants:own',
      description: expect.any(String) as unknown,
      held: true,
    })
    expect(grants?.['scopes']).toContainEqual(expect.objectContaining({ scope: 'grants:write', held: false }))
    const { body: all } = await world.acme.admin.get('/v1/permissions')
    expect((all['data'] as Json[]).flatMap(({ scopes }) => scopes as Json[]).every(({ held }) => held === true)).toBe(
      true,
    )
  })
})
