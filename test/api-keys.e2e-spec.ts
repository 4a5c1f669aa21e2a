import { ApiKeysService } from '#directory'
import { scopes, type Actor } from '#kernel'
import { forTenant } from '#platform'
import { operatorKey, startApp, type TestApp } from './support/app.ts'
import { Client, type Json } from './support/client.ts'
import { eventually } from './support/world.ts'

let app: TestApp
let second: TestApp
let tenant: Json
let other: Json
let admin: Client

const client = (key: string, tenantId: string = tenant['id'], url = app.url): Client =>
  new Client(url, { 'x-api-key': key, 'x-tenant-id': tenantId })
const refusal = { code: 'unauthenticated', message: expect.stringContaining('credential') as unknown }

beforeAll(async () => {
  app = await startApp()
  second = await startApp({}, app.database)
  tenant = (await app.operator.post('/v1/tenants', { name: 'Acme', slug: 'acme' })).body
  other = (await app.operator.post('/v1/tenants', { name: 'Globex', slug: 'globex' })).body
  admin = client(tenant['api_key'])
})

afterAll(async () => {
  await second.close()
  await app.close()
})

describe('an API key', () => {
  it('works from the answer that made it on, on every process', async () => {
    const made = await admin.post('/v1/api-keys', { name: 'Nightly export', scopes: ['api_keys:read'] })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      name: 'Nightly export',
      scopes: ['api_keys:read'],
      identity_id: null,
      expires_at: null,
    })
    for (const url of [app.url, second.url]) {
      expect((await client(made.body['key'], tenant['id'], url).get('/v1/api-keys')).status).toBe(200)
    }
  })

  it('is shown once and stored as a hash only', async () => {
    const { body } = await admin.post('/v1/api-keys', { name: 'Secret' })
    expect((await admin.get('/v1/api-keys')).text).not.toContain(body['key'])
    const rows = await app.asOwner<Json>('select * from api_keys where id = $1', [body['id']])
    const stored = JSON.stringify([
      ...rows,
      ...(await app.asOwner<Json>('select data from events')),
      ...(await app.asOwner<Json>('select metadata from audit_log')),
    ])
    expect(stored).not.toContain((body['key'] as string).slice(-40))
    expect(rows[0]?.['secret_hash']).toHaveLength(32)
  })

  it('is refused at once by every process when it is revoked, and only then', async () => {
    const { body } = await admin.post('/v1/api-keys', { name: 'Short lived' })
    const [here, there] = [client(body['key']), client(body['key'], tenant['id'], second.url)]
    expect([(await here.get('/v1/api-keys')).status, (await there.get('/v1/api-keys')).status]).toEqual([200, 200])
    expect((await admin.delete(`/v1/api-keys/${body['id']}`)).status).toBe(204)
    for (const each of [here, there]) {
      const answer = await each.get('/v1/api-keys')
      expect(answer.status).toBe(401)
      expect(answer.body).toEqual(refusal)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
    }
    expect((await admin.delete(`/v1/api-keys/${body['id']}`)).status).toBe(404)
    expect((await admin.get('/v1/api-keys')).text).not.toContain(body['id'])
  })

  it('is revoked once, however many ask at the same time', async () => {
    const { body } = await admin.post('/v1/api-keys', { name: 'Contested' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => admin.delete(`/v1/api-keys/${body['id']}`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404])
    const entries = await app.asOwner('select 1 from audit_log where action = $1 and resource_id = $2', [
      'api_key.revoked',
      body['id'],
    ])
    expect(entries).toHaveLength(1)
  })

  it('may be sent as a Bearer token instead, and can do the same and no more', async () => {
    const { body } = await admin.post('/v1/api-keys', { name: 'Bearer', scopes: ['api_keys:read'] })
    const bearer = (headers: Record<string, string> = {}): Client =>
      new Client(app.url, { authorization: `Bearer ${body['key']}`, 'x-tenant-id': tenant['id'] as string, ...headers })
    expect((await bearer().get('/v1/api-keys')).status).toBe(200)
    expect((await bearer().post('/v1/api-keys', { name: 'x' })).status).toBe(403)
    expect((await bearer({ 'x-tenant-id': other['id'] as string }).get('/v1/api-keys')).status).toBe(403)
    expect((await bearer().get('/v1/users/me/profile')).body).toMatchObject({ code: 'forbidden' })
    await admin.delete(`/v1/api-keys/${body['id']}`)
    expect((await bearer().get('/v1/api-keys')).body).toEqual(refusal)
  })

  it("of the operator's is no Bearer token", async () => {
    const { status } = await new Client(app.url, { authorization: `Bearer ${operatorKey}` }).get('/v1/tenants')
    expect(status).toBe(401)
  })

  it('is refused from its expiry on', async () => {
    const expires = new Date(Date.now() + 3_600_000).toISOString()
    const { body, status } = await admin.post('/v1/api-keys', { name: 'For an hour', expires_at: expires })
    expect([status, body['expires_at']]).toEqual([201, expires])
    expect((await client(body['key']).get('/v1/api-keys')).status).toBe(200)
    await app.moveClock(3601)
    expect((await client(body['key']).get('/v1/api-keys')).status).toBe(401)
    await app.moveClock(0)
  })

  it('is refused with a wrong secret, another tenant inside, a typo, or when it is unknown', async () => {
    const key = tenant['api_key'] as string
    const { readKey, writeKey } = await import('../libs/platform/src/auth/key-text.ts')
    const parts = readKey(key)
    if (!parts) throw new Error('not a key')
    const foreign = { ...parts, tenantId: other['id'] as string }
    const forged = [
      writeKey({ ...parts, secret: Buffer.alloc(24) }),
      writeKey(foreign),
      writeKey({ ...parts, id: other['id'] as string }),
      `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
      'castellan_',
      'x',
      ' ',
    ]
    for (const each of forged) {
      for (const tenantId of [tenant['id'], other['id']]) {
        const answer = await client(each, tenantId as string).get('/v1/api-keys')
        expect([each, answer.status, answer.body['code']]).toEqual([each, 401, 'unauthenticated'])
      }
    }
  })

  it('never gives more than its maker has, and says what is too much', async () => {
    const { body: maker } = await admin.post('/v1/api-keys', {
      name: 'Maker',
      scopes: ['api_keys:write', 'grants:read'],
    })
    const answer = await client(maker['key']).post('/v1/api-keys', {
      name: 'Greedy',
      scopes: ['grants:read', 'grants:write', 'audit:read'],
    })
    expect(answer.status).toBe(403)
    expect(answer.body).toMatchObject({ code: 'forbidden', details: { excess_scopes: ['grants:write', 'audit:read'] } })
    const { body: heir } = await client(maker['key']).post('/v1/api-keys', { name: 'Heir' })
    expect((heir['scopes'] as string[]).sort()).toEqual(['api_keys:write', 'grants:read'])
    expect((await client(maker['key']).get('/v1/api-keys')).status).toBe(403)
  })

  it('stands for nobody but its maker, unless the maker has power over people and their grants', async () => {
    const [{ body: self }, { body: boss }] = [
      await admin.post('/v1/identities', { name: 'Self' }),
      await admin.post('/v1/identities', { name: 'Boss' }),
    ]
    const weak: Json[] = [['grants:write'], ['identities:write'], []].map((more) => ({
      identity_id: self['id'],
      scopes: ['api_keys:write', 'oauth_clients:write', ...more],
    }))
    for (const powers of [...weak, { ...weak[0], identity_id: null }]) {
      const { body: maker } = await admin.post('/v1/api-keys', { name: 'Maker', ...powers })
      for (const path of ['/v1/api-keys', '/v1/oauth-clients']) {
        const foreign = await client(maker['key']).post(path, { name: 'Other', identity_id: boss['id'] })
        expect([path, powers, foreign.status]).toEqual([path, powers, 403])
        expect(foreign.body).toMatchObject({
          code: 'forbidden',
          message: expect.stringContaining('identities:write and grants:write') as unknown,
          details: { field: 'identity_id', required_scopes: ['identities:write', 'grants:write'] },
        })
        const own = await client(maker['key']).post(path, { name: 'Own', identity_id: powers['identity_id'] })
        expect([own.status, own.body['identity_id']]).toEqual([201, powers['identity_id']])
      }
    }
    const { body: strong } = await admin.post('/v1/api-keys', {
      name: 'Strong',
      scopes: ['api_keys:write', 'oauth_clients:write', 'identities:write', 'grants:write'],
    })
    for (const path of ['/v1/api-keys', '/v1/oauth-clients']) {
      const made = await client(strong['key']).post(path, { name: 'For the boss', identity_id: boss['id'] })
      expect([made.status, made.body['identity_id']]).toEqual([201, boss['id']])
    }
  })

  it('that ends makes nothing that ends later: no key, no client, and no identity provider at all', async () => {
    const end = new Date(Date.now() + 3_600_000)
    const [soon, late] = [-1000, 1].map((more) => new Date(end.getTime() + more).toISOString())
    const { body: maker } = await admin.post('/v1/api-keys', { name: 'Maker', expires_at: end.toISOString() })
    for (const path of ['/v1/api-keys', '/v1/oauth-clients']) {
      const make = (body: Json): Promise<{ status: number; body: Json }> =>
        client(maker['key']).post(path, { name: 'Made', ...body })
      expect((await make({})).body['expires_at']).toBe(end.toISOString())
      expect((await make({ expires_at: end.toISOString() })).body['expires_at']).toBe(end.toISOString())
      expect((await make({ expires_at: soon })).body['expires_at']).toBe(soon)
      for (const expires_at of [late, null]) {
        const { status, body } = await make({ expires_at })
        expect([path, status, body['code'], body['details']]).toEqual([
          path,
          400,
          'invalid_body',
          { field: 'expires_at', latest: end.toISOString() },
        ])
      }
    }
    const provider = await client(maker['key']).post('/v1/oidc-issuers', {
      issuer: 'https://id.example',
      audience: 'castellan',
      jwks_uri: 'https://id.example/keys',
    })
    expect([provider.status, provider.body['code']]).toEqual([403, 'forbidden'])
  })

  it('is refused with a past expiry, an unknown identity, an unknown scope or a field that is not its own', async () => {
    const bodies = [
      { name: 'x', expires_at: '2020-01-01T00:00:00Z' },
      { name: 'x', identity_id: '018f0000-0000-7000-8000-000000000000' },
      { name: 'x', scopes: ['everything'] },
      { name: 'x', scopes: 'grants:read' },
      { name: 'x', tenant_id: other['id'] as string },
      { name: 'x', created_by: 'me' },
      { name: '' },
      {},
    ]
    for (const body of bodies) {
      const answer = await admin.post('/v1/api-keys', body)
      expect([body, answer.status, answer.body['code']]).toEqual([body, 400, 'invalid_body'])
    }
  })

  it('keeps when it was last used, without holding up the answer', async () => {
    const { body } = await admin.post('/v1/api-keys', { name: 'Watched' })
    await client(body['key']).get('/v1/api-keys')
    await eventually(async () => {
      const rows = await app.asOwner<{ last_used_at: Date | null }>('select last_used_at from api_keys where id = $1', [
        body['id'],
      ])
      expect(rows[0]?.last_used_at).toBeInstanceOf(Date)
    })
  })

  it('holds for as long as its identity is active, and does not keep the identity once it is revoked', async () => {
    const { body: identity } = await admin.post('/v1/identities', { name: 'Robot' })
    const { body } = await admin.post('/v1/api-keys', { name: 'Bound', identity_id: identity['id'] })
    expect(body['identity_id']).toBe(identity['id'])
    expect((await client(body['key']).get('/v1/api-keys')).status).toBe(200)
    await admin.patch(`/v1/identities/${identity['id']}`, { lifecycle_state: 'inactive' })
    expect((await client(body['key']).get('/v1/api-keys')).status).toBe(401)
    expect((await admin.delete(`/v1/identities/${identity['id']}`)).status).toBe(409)
    await admin.delete(`/v1/api-keys/${body['id']}`)
    expect((await admin.delete(`/v1/identities/${identity['id']}`)).status).toBe(204)
  })

  it('of another tenant is neither listed nor revoked, and the header of another tenant is 403', async () => {
    const { body: theirs } = await client(other['api_key'], other['id']).post('/v1/api-keys', { name: 'Theirs' })
    expect((await admin.get('/v1/api-keys')).text).not.toContain(theirs['id'])
    expect((await admin.delete(`/v1/api-keys/${theirs['id']}`)).status).toBe(404)
    const mismatch = await client(tenant['api_key'], other['id']).get('/v1/api-keys')
    expect([mismatch.status, mismatch.body['code']]).toEqual([403, 'tenant_mismatch'])
  })

  it('is answered again, not made again, for a repeated Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'make-one-key' }
    const first = await admin.post('/v1/api-keys', { name: 'Once' }, headers)
    const again = await admin.post('/v1/api-keys', { name: 'Once' }, headers)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })
})

describe('two credentials at once', () => {
  it('are refused, whether they are good or not', async () => {
    const pairs = [{ authorization: 'Bearer x' }, { authorization: 'Basic eDp5' }, { authorization: '' }]
    for (const pair of pairs) {
      const answer = await admin.with(pair).get('/v1/api-keys')
      expect([answer.status, answer.body['code']]).toEqual([400, 'ambiguous_credentials'])
    }
  })

  it('of one kind are refused too', async () => {
    const { request } = await import('node:http')
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${app.url}/v1/api-keys`, {
        headers: {
          'x-api-key': [tenant['api_key'], other['api_key']] as string[],
          'x-tenant-id': tenant['id'] as string,
        },
      })
      sent.on('response', (answer) => resolve(answer.statusCode)).on('error', reject)
      sent.end()
    })
    expect(status).toBe(400)
  })
})

describe('a tenant', () => {
  it('comes with an admin key that has every scope', async () => {
    expect(tenant).toMatchObject({ name: 'Acme', slug: 'acme', version: 1 })
    const { body } = await admin.get('/v1/api-keys')
    const first = (body['data'] as Json[]).find(({ created_by }) => created_by === 'operator')
    expect(first?.['scopes']).toContain('oidc_issuers:write')
  })

  it('is made by the operator only', async () => {
    expect((await app.anonymous.post('/v1/tenants', { name: 'x', slug: 'x' })).status).toBe(401)
    expect((await admin.post('/v1/tenants', { name: 'x', slug: 'x' })).status).toBe(403)
    expect((await app.operator.with({ 'x-tenant-id': tenant['id'] }).get('/v1/api-keys')).status).toBe(403)
    expect(
      (await new Client(app.url, { 'x-api-key': 'castellan_operator_for_the_tests_onlY' }).get('/v1/tenants')).status,
    ).toBe(401)
  })

  it('is made whole or not at all', async () => {
    const id = '2489e9ad-2ee2-8e00-8ec9-32d5f6918111'
    const taken = await app.operator.post('/v1/tenants', { id, name: 'Acme again', slug: 'acme' })
    expect([taken.status, taken.body['code'], taken.body['details']]).toEqual([
      409,
      'already_exists',
      { field: 'slug' },
    ])
    expect(await app.asOwner('select 1 from api_keys where tenant_id = $1', [id])).toEqual([])
    expect(await app.asOwner('select 1 from audit_log where tenant_id = $1', [id])).toEqual([])
    const made = await app.operator.post('/v1/tenants', { id: id.toUpperCase(), name: 'Mine', slug: 'mine' })
    expect([made.status, made.body['id']]).toEqual([201, id])
    expect((await app.operator.post('/v1/tenants', { id, name: 'Mine', slug: 'mine-2' })).status).toBe(409)
  })

  it('is refused with a bad slug, the id of the operator, or fields that are not its own', async () => {
    const bodies = [
      { name: 'x', slug: 'Has Capitals' },
      { name: 'x', slug: '-x' },
      { name: 'x', slug: 'x'.repeat(64) },
      { name: 'x', slug: 'deleted:1' },
      { name: 'x', slug: 'fine', id: '00000000-0000-0000-0000-000000000000' },
      { name: 'x', slug: 'fine', id: 'no uuid' },
      { name: 'x', slug: 'fine', deleted_at: null },
    ]
    for (const body of bodies) {
      const answer = await app.operator.post('/v1/tenants', body)
      expect([body, answer.status, answer.body['code']]).toEqual([body, 400, 'invalid_body'])
    }
  })

  it('is changed only by who has seen its last version', async () => {
    const { body } = await app.operator.post('/v1/tenants', { name: 'Initech', slug: 'initech' })
    const path = `/v1/tenants/${body['id']}`
    const seen = await app.operator.get(path)
    expect(seen.headers.get('etag')).toBe('"1"')
    const changed = await app.operator.patch(path, { name: 'Initech Inc.' }, { 'if-match': '"1"' })
    expect([changed.status, changed.body['name'], changed.headers.get('etag')]).toEqual([200, 'Initech Inc.', '"2"'])
    expect((await app.operator.patch(path, { name: 'Late' }, { 'if-match': '"1"' })).status).toBe(412)
    expect((await app.operator.delete(path, { 'if-match': '"1"' })).status).toBe(412)
    expect((await app.operator.patch(path, { slug: 'acme' })).status).toBe(409)
  })

  it('keeps its version, and its log as it is, when a change changes nothing', async () => {
    const { body } = await app.operator.post('/v1/tenants', { name: 'Hooli', slug: 'hooli' })
    const path = `/v1/tenants/${body['id']}`
    for (const same of [{}, { name: 'Hooli' }, { name: 'Hooli', slug: 'hooli' }])
      expect((await app.operator.patch(path, same)).headers.get('etag')).toBe('"1"')
    expect((await app.operator.patch(path, { name: 'Hooli', slug: 'hooli-inc' })).body['version']).toBe(2)
    const entries = await app.asOwner('select action, metadata from audit_log where resource_id = $1 order by seq', [
      body['id'],
    ])
    expect(entries).toEqual([
      { action: 'tenant.created', metadata: {} },
      { action: 'tenant.updated', metadata: { fields: ['slug'] } },
    ])
  })

  it('that is deleted is gone with its credentials, at once on every process, and frees its slug', async () => {
    const { body } = await app.operator.post('/v1/tenants', { name: 'Doomed', slug: 'doomed' })
    const [here, there] = [client(body['api_key'], body['id']), client(body['api_key'], body['id'], second.url)]
    expect([(await here.get('/v1/api-keys')).status, (await there.get('/v1/api-keys')).status]).toEqual([200, 200])
    expect((await app.operator.delete(`/v1/tenants/${body['id']}`)).status).toBe(204)
    expect([(await here.get('/v1/api-keys')).status, (await there.get('/v1/api-keys')).status]).toEqual([401, 401])
    for (const answer of [
      await app.operator.get(`/v1/tenants/${body['id']}`),
      await app.operator.delete(`/v1/tenants/${body['id']}`),
    ]) {
      expect(answer.status).toBe(404)
    }
    expect((await app.operator.get('/v1/tenants')).text).not.toContain(body['id'])
    expect((await app.operator.post('/v1/tenants', { name: 'Next', slug: 'doomed' })).status).toBe(201)
    expect((await here.get('/v1/api-keys')).status).toBe(401)
  })

  it('stands in the list once, page by page', async () => {
    const seen: string[] = []
    for (let path = '/v1/tenants?limit=2'; ;) {
      const { body } = await app.operator.get(path)
      seen.push(...(body['data'] as Json[]).map(({ id }) => id as string))
      if (!body['has_more']) break
      path = `/v1/tenants?limit=2&cursor=${body['next_cursor']}`
    }
    expect(seen).toContain(tenant['id'])
    expect(new Set(seen).size).toBe(seen.length)
  })

  it("begins its audit log with its first key, and the operator's log with the tenant", async () => {
    const mine = await app.asOwner('select action, actor_id from audit_log where tenant_id = $1 order by seq limit 1', [
      tenant['id'],
    ])
    expect(mine).toEqual([{ action: 'api_key.created', actor_id: 'operator' }])
    const log = `select action from audit_log where tenant_id = '00000000-0000-0000-0000-000000000000' and resource_id = $1`
    expect(await app.asOwner(log, [tenant['id']])).toEqual([{ action: 'tenant.created' }])
  })
})

describe('a suspended API key', () => {
  const life = (): ApiKeysService => app.app.get(ApiKeysService)
  const actorOf = (key: Json, more: Partial<Actor> = {}): Actor => ({
    type: 'api_key',
    id: key['id'] as string,
    tenantId: tenant['id'] as string,
    identityId: null,
    scopes: new Set(scopes),
    authorities: new Set(),
    expiresAt: null,
    ...more,
  })
  const within = <T>(work: () => Promise<T>): Promise<T> => forTenant(tenant['id'] as string, work)

  it('is refused at once by every process, and works again once it is reinstated', async () => {
    const { body } = await admin.post('/v1/api-keys', { name: 'Lent' })
    const actor = actorOf(body)
    await within(() => life().suspend(actor, body['id'] as string))
    for (const url of [app.url, second.url]) {
      expect((await client(body['key'], tenant['id'], url).get('/v1/api-keys')).status).toBe(401)
    }
    const listed = (await admin.get('/v1/api-keys')).body['data'] as Json[]
    expect(listed.find(({ id }) => id === body['id'])?.['suspended_at']).toEqual(expect.any(String))
    await within(() => life().reinstate(actor, body['id'] as string))
    expect((await client(body['key']).get('/v1/api-keys')).status).toBe(200)
  })

  it('is reinstated only by who could make such a key', async () => {
    const { body } = await admin.post('/v1/api-keys', { name: 'Strong', identity_id: null })
    const id = body['id'] as string
    await within(() => life().suspend(actorOf(body), id))
    const few = actorOf(body, { scopes: new Set(['api_keys:write'] as const) })
    const brief = actorOf(body, { expiresAt: new Date(Date.now() + 60_000) })
    await expect(within(() => life().reinstate(few, id))).rejects.toMatchObject({ code: 'forbidden' })
    await expect(within(() => life().reinstate(brief, id))).rejects.toMatchObject({ code: 'forbidden' })
    expect((await client(body['key']).get('/v1/api-keys')).status).toBe(401)
  })

  it('is gone for good once it is revoked', async () => {
    const { body } = await admin.post('/v1/api-keys', { name: 'Ended' })
    const id = body['id'] as string
    await within(() => life().suspend(actorOf(body), id))
    expect((await admin.delete(`/v1/api-keys/${id}`)).status).toBe(204)
    await expect(within(() => life().reinstate(actorOf(body), id))).rejects.toMatchObject({ code: 'not_found' })
  })

  it('leaves one audit entry for each change, and none for what changes nothing', async () => {
    const { body } = await admin.post('/v1/api-keys', { name: 'Told' })
    const id = body['id'] as string
    const actor = actorOf(body)
    for (const change of ['suspend', 'suspend', 'reinstate', 'reinstate'] as const) {
      await within(() => life()[change](actor, id))
    }
    await within(() => life().rename(actor, id, 'Told'))
    await within(() => life().rename(actor, id, 'Retold'))
    const entries = await app.asOwner<Json>('select action from audit_log where resource_id = $1 order by seq', [id])
    expect(entries.map(({ action }) => action as string)).toEqual([
      'api_key.created',
      'api_key.suspended',
      'api_key.reinstated',
      'api_key.renamed',
    ])
  })
})
