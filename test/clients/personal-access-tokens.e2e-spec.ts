import { Configuration, PersonalAccessTokensApi, SegmentsApi, SourcesApi } from 'sailpoint-api-client'
import type { Json } from '../support/client.ts'
import { startClientWorld } from './support/client-world.ts'
import { Contract } from './support/contract.ts'
import { hex, refusal } from './support/refusal.ts'
import { configurationFor } from './support/sailpoint.ts'

/* The official client drives every operation on personal access tokens. */

const v3 = new Contract('neighbours.v3.latest.openapi.json')
const { world, acme, configuration, made } = await startClientWorld()
afterAll(() => world.close())

describe('personal access tokens', () => {
  test('are made, used by the client’s own token fetch, changed and deleted', async () => {
    const person = await made('/v1/identities', { name: 'Lovelace', authorities: ['ORG_ADMIN'] })
    const api = new PersonalAccessTokensApi(await configurationFor(world, acme, person))
    const { data: token, status } = await api.createPersonalAccessToken({
      createPersonalAccessTokenRequest: {
        name: 'Mine',
        scope: ['sp:scopes:all'],
        accessTokenValiditySeconds: 600,
      } as never,
    })
    expect([status, v3.problem('CreatePersonalAccessTokenResponse', token)]).toEqual([200, null])
    expect(token).toMatchObject({
      scope: ['sp:scopes:all'],
      owner: { type: 'IDENTITY', id: hex(person), name: 'Lovelace' },
    })

    const [baseurl, clientId, clientSecret] = [world.url, token.id, token.secret]
    const own = new Configuration({ baseurl, clientId, clientSecret, tokenUrl: `${baseurl}/oauth/token` })
    own.retriesConfig = { retries: 0 }
    expect((await new SegmentsApi(own).listSegments()).status).toBe(200)
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    })
    const { body } = await world.anonymous.post('/oauth/token', form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(body).toMatchObject({ expires_in: 600, identity_id: person, user_id: person, org: 'acme' })
    const claims = JSON.parse(
      Buffer.from(String(body['access_token']).split('.')[1] ?? '', 'base64url').toString(),
    ) as Json
    expect(claims).toMatchObject({ authorities: ['ORG_ADMIN'], org: 'acme', identity_id: person })

    const patch = [
      { op: 'replace' as const, path: '/name', value: 'Renamed' },
      { op: 'replace' as const, path: '/scope', value: ['idn:sources:read'] },
    ]
    const { data: changed } = await api.patchPersonalAccessToken({ id: token.id, jsonPatchOperation: patch })
    expect(v3.problem('GetPersonalAccessTokenResponse', { ...changed, lastUsed: changed.lastUsed })).toBeNull()
    expect(changed).toMatchObject({ id: token.id, name: 'Renamed', scope: ['idn:sources:read'] })
    expect((await refusal(new SegmentsApi(own).listSegments())).status).toBe(403)
    expect((await new SourcesApi(own).listSources()).status).toBe(200)
    expect((await api.listPersonalAccessTokens({ ownerId: 'me' })).data.map(({ name }) => name)).toEqual(['Renamed'])
    expect((await api.listPersonalAccessTokens({ ownerId: 'me', filters: 'lastUsed isnull' })).data).toHaveLength(0)
    expect((await api.deletePersonalAccessToken({ id: token.id })).status).toBe(204)
    expect((await refusal(new SourcesApi(own).listSources())).status).toBe(401)
  })

  test('end when they are told to, which is never in the past, nor later than what changes them', async () => {
    const person = await made('/v1/identities', { name: 'Ends' })
    const api = new PersonalAccessTokensApi(await configurationFor(world, acme, person))
    const { data: token } = await api.createPersonalAccessToken({ createPersonalAccessTokenRequest: { name: 'End' } })
    const end = (expirationDate: string | null) =>
      api.patchPersonalAccessToken({
        id: token.id,
        jsonPatchOperation: [{ op: 'replace', path: '/expirationDate', value: expirationDate as string }],
      })
    const before = await api.listPersonalAccessTokens({ ownerId: 'me' })
    const refused = await refusal(end('2020-01-01T00:00:00Z'))
    expect(refused).toMatchObject({
      status: 400,
      text: expect.stringContaining('expirationDate must lie in the future'),
    })
    expect((await api.listPersonalAccessTokens({ ownerId: 'me' })).data).toEqual(before.data)
    expect((await end('2199-01-01T00:00:00Z')).data).toMatchObject({ expirationDate: '2199-01-01T00:00:00.000Z' })
    expect((await end(null)).data).not.toHaveProperty('expirationDate')
    expect((await end('2198-01-01T00:00:00Z')).data).toMatchObject({ expirationDate: '2198-01-01T00:00:00.000Z' })
  })

  test('are at most ten each, never more than their maker can do, and one’s own', async () => {
    const person = await made('/v1/identities', { name: 'Ten' })
    const other = await made('/v1/identities', { name: 'Other' })
    const create = (configured: Configuration, scope: string[], name = 'n') =>
      new PersonalAccessTokensApi(configured).createPersonalAccessToken({
        createPersonalAccessTokenRequest: { name, scope },
      })
    const mine = await configurationFor(world, acme, person)
    const { data: first } = await create(mine, ['sp:my-personal-access-tokens:manage', 'idn:entitlement:read'])
    const narrow = new Configuration({
      baseurl: world.url, clientId: first.id, clientSecret: first.secret, tokenUrl: `${world.url}/oauth/token`,
    }) // prettier-ignore
    narrow.retriesConfig = { retries: 0 }
    expect((await refusal(create(narrow, ['idn:sources:manage']))).status).toBe(403)
    const { data: all } = await create(narrow, ['sp:scopes:all'])
    expect(all.scope).toEqual(['sp:scopes:all'])
    expect((await refusal(create(mine, ['idn:nonsense:read']))).status).toBe(400)
    const theirs = new PersonalAccessTokensApi(await configurationFor(world, acme, other))
    const patch = { id: first.id, jsonPatchOperation: [{ op: 'replace' as const, path: '/name', value: 'stolen' }] }
    expect((await refusal(theirs.patchPersonalAccessToken(patch))).status).toBe(404)
    const { data: own } = await new PersonalAccessTokensApi(narrow).listPersonalAccessTokens()
    expect(own.map(({ id }) => id).toSorted()).toEqual([first.id, all.id].toSorted())
    expect(
      (await refusal(new PersonalAccessTokensApi(narrow).listPersonalAccessTokens({ ownerId: other }))).status,
    ).toBe(403)
    for (let n = 2; n < 10; n++) await create(mine, ['idn:entitlement:read'])
    const tooMany = await refusal(create(mine, ['idn:entitlement:read']))
    expect(tooMany).toMatchObject({ status: 400, code: '400.1.4 Limit violation' })
    expect((await refusal(create(configuration, ['idn:entitlement:read']))).status).toBe(403)
  })

  test('that an administrator has made with more than their person has are not revived or given more by that person', async () => {
    const person = await made('/v1/identities', { name: 'Ada' })
    const scopes = ['grants:write', 'sources:read']
    const id = await made('/v1/oauth-clients', { name: 'Lent', scopes, identity_id: person })
    await world.asOwner(`update oauth_clients set expires_at = now() - interval '1 hour' where id = $1`, [id])
    const { body: own } = await acme.admin.post('/v1/oauth-clients', {
      name: 'Own',
      scopes: ['oauth_clients:own', 'entitlements:read'],
      identity_id: person,
    })
    const { client_id: clientId, client_secret: clientSecret } = own
    const configured = new Configuration({
      baseurl: world.url, clientId, clientSecret, tokenUrl: `${world.url}/oauth/token`,
    }) // prettier-ignore
    configured.retriesConfig = { retries: 0 }
    const api = new PersonalAccessTokensApi(configured)
    const replace = (path: string, value: unknown) =>
      api.patchPersonalAccessToken({
        id,
        jsonPatchOperation: [{ op: 'replace', path, value: value as string }],
      })
    for (const [path, value] of [
      ['/expirationDate', '2199-01-01T00:00:00Z'],
      ['/expirationDate', null],
      ['/accessTokenValiditySeconds', 30_000],
    ] as const)
      expect([path, value, await refusal(replace(path, value))]).toEqual([
        path,
        value,
        expect.objectContaining({ status: 403, text: expect.stringContaining('grants:write') }),
      ])
    const [{ expires_at } = {}] = await world.asOwner<Json>('select expires_at from oauth_clients where id = $1', [id])
    expect((expires_at as Date) < new Date()).toBe(true)

    expect((await replace('/name', 'Named')).data).toMatchObject({ name: 'Named' })
    expect((await replace('/scope', ['idn:entitlement:read'])).data).toMatchObject({ scope: ['idn:entitlement:read'] })
    expect((await replace('/expirationDate', '2199-01-01T00:00:00Z')).status).toBe(200)
    expect((await api.deletePersonalAccessToken({ id })).status).toBe(204)
  })

  test('`GET /oauth/info` tells where tokens are, to anybody', async () => {
    const { status, body } = await world.anonymous.get('/oauth/info')
    expect([status, body]).toEqual([
      200,
      {
        issuerURI: 'http://castellan.test',
        tokenEndpoint: 'http://castellan.test/oauth/token',
        jwksEndpoint: 'http://castellan.test/.well-known/jwks.json',
      },
    ])
  })
})
