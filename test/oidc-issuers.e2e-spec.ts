import { randomInt } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JWTPayload } from 'jose'
import { Client, type Json } from './support/client.ts'
import { forge, newSigner, part, sign, type Signer } from './support/forge.ts'
import { startApp, type TestApp } from './support/app.ts'
import { newTenant, startWorld, type TestTenant, type World } from './support/world.ts'

let world: World
let strict: TestApp
let provider: Server
let keysUri: string
let published: Signer[]

const acmeId = 'https://id.acme.example'
const signer = newSigner('acme-1')
const ecSigner = newSigner('acme-ec', 'ES384')
const stranger = newSigner('acme-1')

const claims = (changes: JWTPayload = {}): JWTPayload => ({
  iss: acmeId,
  aud: 'castellan',
  sub: 'alice@id',
  exp: Math.floor(Date.now() / 1000) + 600,
  ...changes,
})
const person = (token: string, tenantId: string | null = world.acme.id, url = world.url): Client =>
  new Client(url, { authorization: `Bearer ${token}`, ...(tenantId !== null && { 'x-tenant-id': tenantId }) })
const me = (token: string, tenantId?: string): Promise<{ status: number; body: Json }> =>
  person(token, tenantId).get('/v1/users/me/profile')
// prettier-ignore
const register = async (tenant: TestTenant, body: Json): Promise<Json> => {
 
  const made = await tenant.admin.post('/v1/oidc-issuers', { audience: 'castellan', ...body })
  expect([made.status, made.text]).toEqual([201, made.text])
 
  return made.body
}

beforeAll(async () => {
  provider = createServer((request, response) => {
    if (request.url === '/hangs') return
    if (request.url === '/large') response.end(Buffer.alloc(10 * 1024 * 1024, ' '))
    else if (request.url === '/redirects') response.writeHead(307, { location: '/keys' }).end()
    else response.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }))
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  keysUri = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  published = [signer, ecSigner]
  world = await startWorld({ ALLOW_PRIVATE_HOSTS: 'true' })
  strict = await startApp({}, world.database)
  await register(world.acme, { issuer: acmeId, jwks_uri: `${keysUri}/keys` })
})

afterAll(async () => {
  await strict.close()
  await world.close()
  provider.closeAllConnections()
  provider.close()
})

describe('a person who signs in through the identity provider of the tenant', () => {
  it('gets an identity the first time and is found again by issuer and subject', async () => {
    const first = await me(
      await sign(signer, claims({ name: 'Alice', email: 'alice@acme.example', email_verified: true })),
    )
    expect([first.status, first.body]).toEqual([
      200,
      expect.objectContaining({ name: 'Alice', email: 'alice@acme.example', scopes: ['grants:own', 'registry:read'] }),
    ])

    const again = await me(await sign(ecSigner, claims({ name: 'Alice Cooper' })))
    expect(again.body['id']).toBe(first.body['id'])

    const other = await me(await sign(signer, claims({ sub: 'bob@id' })))
    expect(other.body).toMatchObject({ name: 'bob@id', email: null })

    const actions = await world.asOwner('select action, actor_id, actor_type from audit_log where resource_id = $1', [
      first.body['id'],
    ])
    expect(actions).toEqual([{ action: 'identity.created', actor_id: first.body['id'], actor_type: 'oidc' }])
  })

  it('gets one identity, however many requests come first', async () => {
    const token = await sign(signer, claims({ sub: 'racer' }))

    const answers = await Promise.all(Array.from({ length: 12 }, () => me(token)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1)
    expect(await world.asOwner(`select 1 from identities where name = 'racer'`)).toHaveLength(1)
  })

  it('may do what the provider is given, and no more', async () => {
    const client = person(await sign(signer, claims({ scope: 'api_keys:read', scopes: ['api_keys:read'] })))
    expect((await client.get('/v1/registry/profiles')).status).toBe(200)
    expect((await client.get('/v1/api-keys')).status).toBe(403)
  })

  it('is refused when their identity is not active', async () => {
    const token = await sign(signer, claims({ sub: 'leaver' }))

    const { body } = await me(token)
    await world.acme.admin.patch(`/v1/identities/${body['id']}`, { lifecycle_state: 'inactive' })
    expect((await me(token)).status).toBe(401)
  })

  it('is refused without a subject that could be kept', async () => {
    for (const sub of [undefined, '', 5, null, 'x\u0000', 'x'.repeat(256), ['alice@id']]) {
      expect((await me(await sign(signer, claims({ sub } as JWTPayload)))).status).toBe(401)
    }

    const odd = await me(await sign(signer, claims({ sub: 'odd', name: 'a\u0000b\n', email: 7 as unknown as string })))
    expect(odd.body).toMatchObject({ name: 'a b', email: null })
  })

  it('is refused with another key, issuer, audience or time', async () => {
    const now = Math.floor(Date.now() / 1000)

    const tokens = [
      await sign(stranger, claims()),
      await sign({ ...signer, kid: 'unknown' }, claims()),
      await sign({ ...signer, alg: 'RS512' }, claims()),
      await sign(signer, claims({ iss: `${acmeId}/` })),
      await sign(signer, claims({ aud: 'other' })),
      await sign(signer, claims({ aud: undefined })),
      await sign(signer, claims({ exp: now - 100 })),
      await sign(signer, claims({ exp: undefined })),
      await sign(signer, claims({ nbf: now + 100 })),
      await sign(signer, claims(), { jku: `${keysUri}/keys` }),
      await sign(stranger, claims(), { jwk: stranger.jwk }),
      forge({ alg: 'ES384', kid: ecSigner.kid }, claims(), () => part('short')),
      forge({ alg: 'ES384', kid: ecSigner.kid }, claims(), () => Buffer.alloc(96).toString('base64url')),
      forge({ alg: 'ES256', kid: ecSigner.kid }, claims(), () => Buffer.alloc(64).toString('base64url')),
    ]
    for (const [index, token] of tokens.entries()) expect([index, (await me(token)).status]).toEqual([index, 401])
    expect((await me(await sign(signer, claims({ aud: ['other', 'castellan'] })))).status).toBe(200)
  })

  it("is 403 under another tenant's header, 401 with a bad signature, and found without a header where it is optional", async () => {
    const token = await sign(signer, claims())

    const mismatch = await me(token, world.globex.id)
    expect([mismatch.status, mismatch.body['code']]).toEqual([403, 'tenant_mismatch'])
    expect((await me(await sign(stranger, claims()), world.globex.id)).status).toBe(401)
    expect((await me(token, '018f0000-0000-7000-8000-000000000000')).status).toBe(403)
    expect((await me(token, '00000000-0000-0000-0000-000000000000')).status).toBe(403)

    const missing = await person(token, null).get('/v1/users/me/profile')
    expect([missing.status, missing.body['code']]).toEqual([400, 'invalid_tenant_id'])
  })
})

describe('an identity provider', () => {
  it('of two tenants serves both, each under its own header, and neither can speak for the other', async () => {
    const shared = newSigner('shared')

    const theirs = newSigner('shared')

    const issuer = 'https://shared.example'
    await register(world.acme, { issuer, jwks: { keys: [shared.jwk] } })
    await register(world.globex, { issuer, jwks: { keys: [theirs.jwk] } })

    const [ours, foreign] = [await sign(shared, claims({ iss: issuer })), await sign(theirs, claims({ iss: issuer }))]
    expect([(await me(ours, world.acme.id)).status, (await me(foreign, world.globex.id)).status]).toEqual([200, 200])
    expect([(await me(foreign, world.acme.id)).status, (await me(ours, world.globex.id)).status]).toEqual([401, 401])
  })

  it('that another tenant registers with other keys serves its own tenant still, also where no header names the tenant', async () => {
    const [issuer, ours, theirs] = ['https://claimed.example', newSigner('same'), newSigner('same')]
    const scopes = ['oauth_clients:read_own']
    const status = async (signedBy: Signer, changes: JWTPayload): Promise<number> =>
      (await person(await sign(signedBy, claims({ iss: issuer, ...changes })), null).get('/v3/personal-access-tokens'))
        .status
    await register(world.acme, { issuer, scopes, jwks_uri: `${keysUri}/claimed` })
    await register(world.globex, { issuer, scopes, jwks: { keys: [theirs.jwk] } })
    published.push(ours)
    expect([await status(ours, { sub: 'of acme' }), await status(theirs, { sub: 'of globex' })]).toEqual([200, 200])
    const made = `select name, tenant_id from identities where name in ('of acme', 'of globex') order by name`
    expect(await world.asOwner(made)).toEqual([
      { name: 'of acme', tenant_id: world.acme.id },
      { name: 'of globex', tenant_id: world.globex.id },
    ])
    expect(await status(newSigner('same'), {})).toBe(401)
    expect(await status(ours, { exp: Math.floor(Date.now() / 1000) - 100 })).toBe(401)

    const copying = await newTenant(world, 'copying')
    await register(copying, { issuer, scopes, jwks: { keys: [ours.jwk] }, subject_claim: 'employee' })
    expect(await status(ours, {})).toBe(200)
    expect(await status(ours, { employee: 'E-1' })).toBe(401)
    expect((await me(await sign(ours, claims({ iss: issuer, employee: 'E-1' })), world.acme.id)).status).toBe(200)
  })

  it('keeps its place however many tenants register it later', async () => {
    const [issuer, theirs] = ['https://crowded.example', newSigner('same')]
    await register(world.acme, { issuer, scopes: ['oauth_clients:read_own'], jwks: { keys: [signer.jwk] } })
    for (let n = 0; n < 9; n++)
      await register(await newTenant(world, `crowd-${n}`), { issuer, jwks: { keys: [theirs.jwk] } })
    const token = await sign(signer, claims({ iss: issuer }))
    expect((await person(token, null).get('/v3/personal-access-tokens')).status).toBe(200)
  })

  it('that is removed is not heard any more, at once', async () => {
    const issuer = 'https://removed.example'

    const made = await register(world.acme, { issuer, jwks: { keys: [signer.jwk] } })

    const token = await sign(signer, claims({ iss: issuer }))
    expect((await me(token)).status).toBe(200)
    expect((await world.acme.admin.delete(`/v1/oidc-issuers/${made['id']}`, { 'if-match': '"7"' })).status).toBe(412)
    expect((await world.globex.admin.delete(`/v1/oidc-issuers/${made['id']}`)).status).toBe(404)
    expect((await world.acme.admin.delete(`/v1/oidc-issuers/${made['id']}`)).status).toBe(204)
    expect((await me(token)).status).toBe(401)
    expect((await world.acme.admin.delete(`/v1/oidc-issuers/${made['id']}`)).status).toBe(404)
  })

  it('whose keys hang, are too large or lie elsewhere is not believed, and nobody else waits', async () => {
    for (const path of ['large', 'redirects', 'hangs']) {
      const issuer = `https://${path}.example`
      await register(world.acme, { issuer, jwks_uri: `${keysUri}/${path}` })

      const waiting = sign(signer, claims({ iss: issuer })).then((token) => me(token))
      expect((await me(await sign(signer, claims()))).status).toBe(200)
      expect([path, (await waiting).status]).toEqual([path, 401])
    }
  })

  it('may let the first sign-in find an imported identity, by external_id or by a verified email', async () => {
    await register(world.acme, {
      issuer: 'https://by-id.example',
      jwks: { keys: [signer.jwk] },
      identity_match: 'external_id',
      subject_claim: 'employee',
    })
    await register(world.acme, {
      issuer: 'https://by-email.example',
      jwks: { keys: [signer.jwk] },
      identity_match: 'email',
    })

    const make = async (body: Json): Promise<string> =>
      (await world.acme.admin.post('/v1/identities', body)).body['id'] as string

    const numbered = await make({ name: 'Dora', external_id: 'E-7' })

    const imported = await make({ name: 'Dora', email: 'dora@acme.example' })

    const byId = (changes: JWTPayload): Promise<string> =>
      sign(signer, claims({ iss: 'https://by-id.example', ...changes }))

    const byEmail = (changes: JWTPayload): Promise<string> =>
      sign(signer, claims({ iss: 'https://by-email.example', email: 'Dora@Acme.example', ...changes }))

    expect((await me(await byId({ employee: 'E-7' }))).body['id']).toBe(numbered)
    expect((await me(await byId({ employee: 'E-8' }))).body['id']).not.toBe(numbered)
    expect((await me(await byEmail({ sub: 'unverified', email_verified: false }))).body['id']).not.toBe(imported)
    expect((await me(await byEmail({ sub: 'unsaid' }))).body['id']).not.toBe(imported)
    expect((await me(await byEmail({ sub: 'dora', email_verified: true }))).body['id']).toBe(imported)
    expect((await me(await byEmail({ sub: 'imposter', email_verified: true }))).body['id']).not.toBe(imported)
    expect((await me(await byEmail({ sub: 'dora', email_verified: true }))).body['id']).toBe(imported)

    const linked = await world.asOwner<Json>(
      'select 1 from audit_log where action = $1 and resource_id = any($2::text[])',
      ['identity.linked', [numbered, imported]],
    )
    expect(linked).toHaveLength(2)
  })

  it.each([['email'], ['external_id']] as const)(
    'that finds people by %s is told by nobody without power over people whom it finds',
    async (field) => {
      const { admin, id } = await newTenant(world, `found-by-${field.replace('_', '-')}`)
      const { body: key } = await admin.post('/v1/api-keys', { name: 'People only', scopes: ['identities:write'] })
      const writer = new Client(world.url, { 'x-api-key': key['key'] as string, 'x-tenant-id': id })
      const { body: victim } = await admin.post('/v1/identities', { name: 'Victim', [field]: 'victim@acme.example' })
      const at = `/v1/identities/${victim['id']}`
      const free = await writer.patch(at, { [field]: 'v@acme.example' })
      expect(free.status).toBe(200)

      const issuer = `https://${field.replace('_', '-')}.example`
      const made = { issuer, audience: 'castellan', jwks: { keys: [signer.jwk] }, identity_match: field }
      expect((await admin.post('/v1/oidc-issuers', made)).status).toBe(201)
      const mine = 'mine@acme.example'
      const refused = await writer.patch(at, { [field]: mine })
      expect([refused.status, refused.body['details']]).toEqual([
        403,
        { field, required_scopes: ['identities:write', 'grants:write'] },
      ])
      const signIn = async (): Promise<string> => {
        const token = await sign(signer, claims({ iss: issuer, sub: mine, email: mine, email_verified: true }))
        return (await me(token, id)).body['id'] as string
      }
      const own = await signIn()
      expect(own).not.toBe(victim['id'])
      expect((await writer.patch(at, { name: 'Named' })).status).toBe(200)
      expect((await writer.patch(`/v1/identities/${own}`, { [field]: 'new@acme.example' })).status).toBe(200)
      expect((await admin.patch(at, { [field]: mine })).status).toBe(200)
    },
  )

  it('that has not verified an e-mail leaves it unsaid, and in nobody else’s way', async () => {
    const { body: imported } = await world.acme.admin.post('/v1/identities', {
      name: 'Eve',
      email: 'eve@acme.example',
    })
    const signIn = async (changes: JWTPayload): Promise<Json> =>
      (await me(await sign(signer, claims({ iss: 'https://by-email.example', email: 'eve@acme.example', ...changes }))))
        .body
    for (const [index, email_verified] of [undefined, false, 'true', 1, null].entries()) {
      const made = await signIn({ sub: `eve-unverified-${index}`, email_verified })
      expect(made['email']).toBeNull()
      expect(made['id']).not.toBe(imported['id'])
    }
    for (const [index, email] of [' eve@acme.example', 'eve@acme.example\n', 'EVE@ACME.EXAMPLE\u0000'].entries())
      expect((await signIn({ sub: `eve-almost-${index}`, email, email_verified: true }))['email']).toBeNull()
    expect((await signIn({ sub: 'eve', email_verified: true }))['id']).toBe(imported['id'])
  })

  it('finds nobody by e-mail whom another provider has found before, and no letters that are merely alike', async () => {
    for (const issuer of ['https://first.example', 'https://second.example'])
      await register(world.acme, { issuer, jwks: { keys: [signer.jwk] }, identity_match: 'email' })
    const signIn = async (changes: JWTPayload): Promise<string> =>
      (await me(await sign(signer, claims({ email_verified: true, ...changes })))).body['id'] as string
    const make = async (email: string): Promise<string> =>
      (await world.acme.admin.post('/v1/identities', { name: 'x', email })).body['id'] as string

    const [frank, kim] = [await make('frank@acme.example'), await make('kim@acme.example')]
    expect(await signIn({ iss: 'https://first.example', sub: 'f', email: 'frank@acme.example' })).toBe(frank)
    expect(await signIn({ iss: 'https://second.example', sub: 'f', email: 'frank@acme.example' })).not.toBe(frank)
    expect(await signIn({ iss: acmeId, sub: 'newcomer', email: 'gina@acme.example' })).not.toBe(
      await signIn({ iss: 'https://first.example', sub: 'newcomer', email: 'gina@acme.example' }),
    )
    expect(await signIn({ iss: 'https://first.example', sub: 'k', email: '\u212aim@acme.example' })).not.toBe(kim)
    expect(await signIn({ iss: 'https://second.example', sub: 'k', email: 'KIM@acme.example' })).toBe(kim)
  })

  it('matches no email that two identities have', async () => {
    const emails = ['twin@acme.example', 'TWIN@acme.example']
    for (const email of emails) await world.acme.admin.post('/v1/identities', { name: 'Twin', email })

    const token = await sign(
      signer,
      claims({
        iss: 'https://by-email.example',
        sub: 'twin',
        name: 'Third',
        email: 'twin@acme.example',
        email_verified: true,
      }),
    )
    expect((await me(token)).body['name']).toBe('Third')
  })

  it('gives its people no more than its maker has', async () => {
    const { body: key } = await world.acme.admin.post('/v1/api-keys', {
      name: 'Issuers only',
      scopes: ['oidc_issuers:write', 'registry:read'],
    })

    const maker = new Client(world.url, { 'x-api-key': key['key'] as string, 'x-tenant-id': world.acme.id })

    const base = { audience: 'castellan', jwks: { keys: [signer.jwk] } }

    const greedy = await maker.post('/v1/oidc-issuers', {
      ...base,
      issuer: 'https://greedy.example',
      scopes: ['grants:write', 'registry:read'],
    })
    expect([greedy.status, greedy.body['details']]).toEqual([403, { excess_scopes: ['grants:write'] }])
    expect(
      (await maker.post('/v1/oidc-issuers', { ...base, issuer: 'https://modest.example' })).body['scopes'],
    ).toEqual(['registry:read'])
    for (const choice of [{ identity_match: 'email' }, { identity_match: 'external_id' }, { groups_claim: 'groups' }]) {
      const chosen = await maker.post('/v1/oidc-issuers', { ...base, issuer: 'https://chosen.example', ...choice })
      expect([chosen.status, chosen.body['details']]).toEqual([
        403,
        { field: Object.keys(choice)[0], required_scopes: ['identities:write', 'grants:write'] },
      ])
    }
  })

  it('may have an issuer and an audience as long as they say, whatever the characters', async () => {
    const text = (length: number, make: () => string): string => Array.from({ length }, make).join('')
    const issuer = `https://${text(504, () => randomInt(36).toString(36))}`
    // Of four bytes each, and nothing that could be compressed.
    const audience = text(512, () => String.fromCodePoint(randomInt(0x10000, 0x10ffff)))
    const jwks = { keys: [signer.jwk] }
    expect((await world.acme.admin.post('/v1/oidc-issuers', { issuer, audience, jwks })).status).toBe(201)
    const tooMuch = [
      { issuer: `${issuer}x`, audience },
      { issuer, audience: `${audience}x` },
      { issuer: 'https://é.example', audience },
    ]
    for (const names of tooMuch) {
      const { status, body } = await world.acme.admin.post('/v1/oidc-issuers', { ...names, jwks })
      expect([names, status, body['code']]).toEqual([names, 400, 'invalid_body'])
    }
  })

  it.each(['https://id.example/#a', 'https://id.example/?a', 'https://id.example?a=b#c', 'https://id.example/#'])(
    'has an issuer without a query and a fragment, which %s is not',
    async (issuer) => {
      const jwks = { keys: [signer.jwk] }
      const { status, body } = await world.acme.admin.post('/v1/oidc-issuers', { issuer, audience: 'x', jwks })
      expect([status, body['code'], body['details']]).toEqual([400, 'invalid_body', { field: 'issuer' }])
      expect(body['message']).toBe('issuer must be a URL without a query and without a fragment')
    },
  )

  it('is refused with an address that is not public, unless a setting allows it', async () => {
    const admin = new Client(strict.url, world.acme.admin.headers)

    const addresses = [
      'http://id.example/keys',
      'https://127.0.0.1/keys',
      'https://2130706433/keys',
      'https://0x7f.1/keys',
      'https://[::1]/keys',
      'https://[::ffff:10.0.0.1]/keys',
      'https://169.254.169.254/latest/meta-data',
      'https://100.64.0.1/',
      'https://localhost/keys',
      'https://user:secret@id.example/keys',
      'https://id.example:8443/keys',
      'https://id.example:22/keys',
      'file:///etc/passwd',
      'gopher://id.example/',
      'keys',
    ]
    for (const jwks_uri of addresses) {
      const answer = await admin.post('/v1/oidc-issuers', { issuer: 'https://ssrf.example', audience: 'x', jwks_uri })
      expect([jwks_uri, answer.status, answer.body['details']]).toEqual([jwks_uri, 400, { field: 'jwks_uri' }])
    }
  })

  it('that was registered when private addresses were allowed is not asked once they are not', async () => {
    const token = await sign(signer, claims())
    expect((await person(token).get('/v1/users/me/profile')).status).toBe(200)
    expect((await person(token, world.acme.id, strict.url).get('/v1/users/me/profile')).status).toBe(401)
  })

  it('is refused with private, symmetric or no keys, with both or neither kind, twice, or as this server', async () => {
    const { publicKey, privateKey, jwk } = newSigner('x')
    const bodies: [Json, number][] = [
      [{ jwks: { keys: [privateKey.export({ format: 'jwk' })] } }, 400],
      [{ jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }, 400],
      [{ jwks: { keys: [] } }, 400],
      [{ jwks: publicKey.export({ format: 'jwk' }) }, 400],
      [{ jwks: { keys: [jwk] }, jwks_uri: `${keysUri}/keys` }, 400],
      [{}, 400],
      [{ jwks: { keys: [jwk] }, issuer: 'http://castellan.test' }, 400],
      [{ jwks: { keys: [jwk] }, issuer: 'not a url' }, 400],
      [{ jwks: { keys: [jwk] }, identity_match: 'name' }, 400],
      [{ jwks: { keys: [jwk] }, subject_claim: 'a b' }, 400],
      [{ jwks: { keys: [jwk] }, version: 3 }, 400],
      [{ jwks: { keys: [jwk] }, issuer: acmeId }, 409],
    ]
    for (const [body, status] of bodies) {
      const answer = await world.acme.admin.post('/v1/oidc-issuers', {
        issuer: 'https://bad.example',
        audience: 'castellan',
        ...body,
      })
      expect([body, answer.status]).toEqual([body, status])
    }
    const { body } = await world.acme.admin.get('/v1/oidc-issuers?limit=250')
    expect((body['data'] as Json[]).map(({ issuer }) => issuer as string)).not.toContain('https://bad.example')
  })
})
