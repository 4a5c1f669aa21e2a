import { Client, type Json } from './support/client.ts'
import { startWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** A key that stands for a person who has these authorities. */
async function keyOf(authorities: readonly string[]): Promise<{ client: Client; identity: string }> {
  const { admin, id } = world.acme
  const { body: person } = await admin.post('/v1/identities', { name: 'Grace', authorities })
  const identity = person['id'] as string
  const { body } = await admin.post('/v1/api-keys', { name: 'Graces', identity_id: identity })
  return { client: new Client(world.url, { 'x-api-key': body['key'] as string, 'x-tenant-id': id }), identity }
}

describe('authorities', () => {
  it('are kept with the identity', async () => {
    const { admin } = world.acme
    const made = await admin.post<Json>('/v1/identities', { name: 'Grace', authorities: ['SOURCE_ADMIN'] })
    expect(made.body).toMatchObject({ authorities: ['SOURCE_ADMIN'] })
    const changed = await admin.patch(`/v1/identities/${made.body['id']}`, { authorities: [] })
    expect(changed.body).toMatchObject({ authorities: [] })
    expect((await admin.post('/v1/identities', { name: 'Alan' })).body).toMatchObject({ authorities: [] })
  })

  it('that do not go together are refused by name', async () => {
    const refused = await world.acme.admin.post('/v1/identities', {
      name: 'Grace',
      authorities: ['SOURCE_SUBADMIN', 'SOURCE_ADMIN'],
    })
    expect([refused.status, refused.body['code'], refused.text]).toEqual([
      400,
      'invalid_body',
      expect.stringContaining('SOURCE_SUBADMIN and SOURCE_ADMIN') as unknown,
    ])
  })

  it('are not raised by who has every scope but is no ORG_ADMIN', async () => {
    const { client, identity } = await keyOf(['SOURCE_SUBADMIN'])
    const refused = await client.patch(`/v1/identities/${identity}`, { authorities: ['ORG_ADMIN'] })
    expect([refused.status, refused.body['code']]).toEqual([403, 'forbidden'])
    const created = await client.post('/v1/identities', { name: 'Straw', authorities: ['ORG_ADMIN'] })
    expect(created.status).toBe(403)
    expect((await client.patch(`/v1/identities/${identity}`, { name: 'Grace H.' })).status).toBe(200)
  })

  it('are not taken over: who is no ORG_ADMIN does not change what somebody who has some is known by at sign-in', async () => {
    const { identity: boss } = await keyOf(['ORG_ADMIN'])
    const { client, identity: own } = await keyOf(['SOURCE_SUBADMIN'])
    for (const change of [{ external_id: 'mine' }, { email: 'mine@acme.example' }]) {
      for (const identity of [boss, own]) {
        const refused = await client.patch(`/v1/identities/${identity}`, change)
        expect([refused.status, refused.body['details']]).toEqual([403, { field: Object.keys(change)[0] }])
      }
      expect((await client.patch(`/v1/identities/${world.acme.people.bob}`, change)).status).toBe(200)
    }
    expect((await client.patch(`/v1/identities/${boss}`, { name: 'The Boss' })).status).toBe(200)
    const { client: other } = await keyOf(['ORG_ADMIN'])
    expect((await other.patch(`/v1/identities/${boss}`, { external_id: 'boss' })).status).toBe(200)
  })

  it('are not raised by an import either, nor is anything else written by it for who is no ORG_ADMIN', async () => {
    const ndjson = { 'content-type': 'application/x-ndjson' }
    const lines = [
      { type: 'identity', external_id: 'straw', name: 'Straw', authorities: ['ORG_ADMIN'] },
      { type: 'source', external_id: 'ledger', name: 'Not theirs', connector: 'sql' },
    ].map((line) => Buffer.from(JSON.stringify(line)))
    for (const authorities of [[], ['SOURCE_SUBADMIN']]) {
      const { client } = await keyOf(authorities)
      for (const line of lines) {
        const refused = await client.post('/v1/imports', line, ndjson)
        expect([refused.status, refused.body['code']]).toEqual([403, 'forbidden'])
      }
    }
    const { client } = await keyOf(['ORG_ADMIN'])
    for (const line of lines)
      expect((await client.post('/v1/imports', line, ndjson)).body).toMatchObject({ total: { created: 1 } })
  })

  it('are not raised by a credential: a person who is no ORG_ADMIN makes none that stands for anybody else', async () => {
    const { identity: boss } = await keyOf(['ORG_ADMIN'])
    for (const authorities of [[], ['SOURCE_SUBADMIN'], ['SOURCE_ADMIN']]) {
      const { client, identity } = await keyOf(authorities)
      for (const path of ['/v1/api-keys', '/v1/oauth-clients']) {
        for (const body of [{}, { identity_id: null }, { identity_id: boss }]) {
          const refused = await client.post(path, { name: 'More', ...body })
          expect([path, body, refused.status, refused.body['details']]).toEqual([
            path,
            body,
            403,
            expect.objectContaining({ field: 'identity_id' }),
          ])
        }
        expect((await client.post(path, { name: 'Own', identity_id: identity })).status).toBe(201)
      }
      const provider = { issuer: 'https://id.example', audience: 'castellan', jwks_uri: 'https://id.example/keys' }
      const matching = await client.post('/v1/oidc-issuers', { ...provider, identity_match: 'external_id' })
      expect([matching.status, matching.body['details']]).toEqual([
        403,
        { field: 'identity_match', required_authorities: ['ORG_ADMIN'] },
      ])
    }
  })

  it('do not keep an ORG_ADMIN from making credentials for others, and for nobody', async () => {
    const { client } = await keyOf(['ORG_ADMIN'])
    for (const body of [{}, { identity_id: world.acme.people.alice }])
      expect((await client.post('/v1/api-keys', { name: 'Made', ...body })).status).toBe(201)
  })

  it('are given by an ORG_ADMIN', async () => {
    const { client } = await keyOf(['ORG_ADMIN'])
    expect((await client.post('/v1/identities', { name: 'Alan', authorities: ['ROLE_ADMIN'] })).status).toBe(201)
  })
})

test('the management group of a source and the owner of a group are in use while they are named', async () => {
  const { admin, people } = world.acme
  const group = await admin.post('/v1/groups', { name: 'Source administrators', owner_id: people.alice })
  const source = await admin.post('/v1/sources', {
    name: 'Ledger',
    connector: 'sql',
    management_group_id: group.body['id'],
  })
  expect(source.body).toMatchObject({ management_group_id: group.body['id'] })
  const refused = await admin.delete(`/v1/groups/${group.body['id']}`)
  expect([refused.status, refused.body['code']]).toEqual([409, 'in_use'])
  const foreign = await world.globex.admin.post('/v1/sources', {
    name: 'Ledger',
    connector: 'sql',
    management_group_id: group.body['id'],
  })
  expect(foreign.status).toBe(400)
})
