import { scopes, type Scope } from '#kernel'
import { TokenService } from '#platform'
import { Client, type Json } from '../support/client.ts'
import type { Operation } from './operations.ts'
import { refusal, rows, said, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { world, operations, send } = suite
const { acme } = world
const header = { 'x-tenant-id': acme.id }

const closed = operations.filter(({ access }) => access.kind !== 'public')
const ofTenants = operations.filter(({ access }) => access.kind === 'tenant')
const ofMachines = ofTenants.filter(({ access }) => access.kind === 'tenant' && !access.bearerOnly)
const ofPeople = ofTenants.filter(({ access }) => access.kind === 'tenant' && access.bearerOnly)
const scoped = ofTenants.filter((operation) => scopesOf(operation).length > 0)

/** An absent object's path: credentials are judged before anything is looked for. */
const anywhere = (operation: Operation): string =>
  operation.path.replaceAll(/\{\w+\}/g, '019a0000-0000-7000-8000-00000000dead')

describe.each(rows(closed))('%s', (_, operation) => {
  const request = { path: anywhere(operation), ...(operation.requestBody && { body: {} }) }

  test.each([
    ['a tenant', header],
    ['no tenant', {}],
    ['a tenant that is no uuid', { 'x-tenant-id': 'acme' }],
  ])('without a credential, with %s, is 401 and says how one is sent', async (_name, headers) => {
    const answer = await send(operation, { ...request, client: new Client(world.url, headers) })
    expect(said(answer)).toEqual(refusal(operation, 'unauthenticated'))
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  test.each([
    ['no key of this server', { 'x-api-key': 'castellan_no_such_key' }],
    [
      'a key with another last character',
      { 'x-api-key': acme.adminKey.slice(0, -1) + (acme.adminKey.endsWith('a') ? 'b' : 'a') },
    ],
    ['an empty key', { 'x-api-key': '' }],
    ['no JWT', { authorization: 'Bearer abc' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ] as const)('with a bad credential (%s) is 401', async (_name, credential) => {
    const answer = await send(operation, { ...request, client: new Client(world.url, { ...header, ...credential }) })
    expect(said(answer)).toEqual(refusal(operation, 'unauthenticated'))
  })

  test('with two credentials at once is 400, though each is good', async () => {
    const { headers: bearer } = await acme.as('alice')
    const answer = await send(operation, { ...request, client: acme.admin.with({ ...bearer }) })
    expect(said(answer)).toEqual(refusal(operation, 'ambiguous_credentials'))
  })

  test("refuses the operator's key on a tenant's route, and a tenant's key on the operator's", async () => {
    const client = operation.access.kind === 'operator' ? acme.admin : world.operator.with(header)
    const answer = await send(operation, { ...request, client })
    expect([refusal(operation, 'forbidden'), refusal(operation, 'tenant_mismatch')]).toContainEqual(said(answer))
  })
})

describe.each(rows(scoped))('%s', (_, operation) => {
  test('without its scopes is 403 and names them', async () => {
    const others = scopes.filter((scope) => !scopesOf(operation).includes(scope))
    const answer = await send(operation, { path: anywhere(operation), client: await bearing(operation, others) })
    expect(said(answer)).toEqual(refusal(operation, 'forbidden'))
    expect(scopesOf(operation).filter((scope) => !answer.text.includes(scope))).toEqual([])
  })

  test.each(scopesOf(operation).map((scope) => [scope]))('is let in with %s alone', async (scope) => {
    const request = { path: await suite.acme.path(operation), body: await suite.acme.body(operation) }
    const { status, text } = await send(operation, { ...request, client: await bearing(operation, [scope]) })
    expect(status).not.toBe(401)
    expect(status === 403 && /lacks the scope|authorities/.test(text)).toBe(false)
  })
})

test.each(rows(ofPeople))('%s refuses a machine: an API key, and a service’s token', async (_, operation) => {
  const { body: client } = await acme.admin.post('/v1/oauth-clients', { name: 'service' })
  const grant = {
    grant_type: 'client_credentials',
    client_id: client['client_id'],
    client_secret: client['client_secret'],
  }
  const { body: token } = await world.anonymous.post('/oauth/token', grant)
  const service = new Client(world.url, { ...header, authorization: `Bearer ${token['access_token']}` })
  for (const machine of [acme.admin, service]) {
    const answer = await send(operation, { path: anywhere(operation), client: machine })
    expect(said(answer)).toEqual(refusal(operation, 'forbidden'))
  }
})

test('there are operations of each kind, so that nothing above is empty', () => {
  expect([closed, ofMachines, ofPeople, scoped].map(({ length }) => length > 0)).toEqual([true, true, true, true])
})

function scopesOf({ access }: Operation): readonly Scope[] {
  return access.kind === 'tenant' ? access.anyOf : []
}

/** A credential of the kind that the operation takes, with these scopes and no others. */
async function bearing(operation: Operation, some: readonly Scope[]): Promise<Client> {
  if (operation.access.kind === 'tenant' && operation.access.bearerOnly) {
    const token = await world.app.get(TokenService).forPerson(acme.id, acme.people.alice, some)
    return new Client(world.url, { ...header, authorization: `Bearer ${token}` })
  }
  const { body } = await acme.admin.post<Json>('/v1/api-keys', {
    name: 'some scopes',
    scopes: some,
    identity_id: acme.people.alice,
  })
  return new Client(world.url, { ...header, 'x-api-key': body['key'] as string })
}
