import { newId } from '#kernel'
import { Client, type Json } from '../support/client.ts'
import type { Operation, Schema } from './operations.ts'
import { collectionOf, collectionOfList, fill } from './samples.ts'
import { refusal, rows, said, saidOf, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { world, operations, send, fingerprint } = suite
const ofTenants = operations.filter(({ access }) => access.kind === 'tenant')
const onObjects = ofTenants.filter(({ path }) => path.includes('{'))
const referring = ofTenants.flatMap((operation) =>
  suite.acme
    .referencesOf(operation)
    .map((field) => [`${operation.method} ${operation.path}`, field, operation] as const),
)
const listing = ofTenants.flatMap((operation) =>
  listsOfIds(operation).map((field) => [`${operation.method} ${operation.path}`, field, operation] as const),
)
const filtering = ofTenants.flatMap((operation) =>
  operation.parameters
    .filter(({ in: place, schema }) => place === 'query' && schema['format'] === 'uuid')
    .map(({ name }) => [`${operation.method} ${operation.path}`, name, operation] as const),
)

describe.each(rows(ofTenants))('%s', (_, operation) => {
  test.each([
    ['is absent, unless a dialect takes none', undefined],
    ['is empty', ''],
    ['is no uuid', 'acme'],
    ['has a character too many', `${world.acme.id}0`],
    ['is a list', `${world.acme.id},${world.acme.id}`],
  ])('is 400 when X-Tenant-ID %s', async (_name, value) => {
    const answer = await send(operation, { ...(await valid(operation)), client: withTenant(operation, value) })
    // The clients of a dialect do not send it.
    if (operation.dialect && value === undefined) expect(answer.status).toBeLessThan(300)
    else expect(said(answer)).toEqual(refusal(operation, 'invalid_tenant_id'))
  })

  test.each([
    ["another tenant's", world.globex.id],
    ["no tenant's", newId()],
    ["the operator's", '00000000-0000-0000-0000-000000000000'],
  ])('is 403 when X-Tenant-ID is %s, and does nothing', async (_name, value) => {
    const request = await valid(operation)
    const before = await fingerprint()
    const answer = await send(operation, { ...request, client: withTenant(operation, value) })
    expect(said(answer)).toEqual(refusal(operation, 'tenant_mismatch'))
    expect(await fingerprint()).toBe(before)
  })

  test('takes the tenant in any case, with the credential deciding', async () => {
    const request = await valid(operation)
    const { status } = await send(operation, { ...request, client: withTenant(operation, world.acme.id.toUpperCase()) })
    expect(status).toBeLessThan(300)
  })
})

describe.each(rows(onObjects))('%s', (_, operation) => {
  const names = operation.parameters.filter(({ in: place }) => place === 'path').map(({ name }) => name)

  test.each(names.map((name) => [name]))(
    "with another tenant's object as %s is what it is with an absent one, and changes nothing",
    async (name) => {
      const foreignId = await suite.globex.newId(operation, name)
      const mine: Record<string, string> = {}
      for (const each of names) if (each !== name) mine[each] = await suite.acme.newId(operation, each)
      const body = await suite.acme.body(operation)
      const before = await fingerprint()
      const foreign = await send(operation, { path: fill(operation.path, { ...mine, [name]: foreignId }), body })
      const absentId = newId()
      const absent = await send(operation, { path: fill(operation.path, { ...mine, [name]: absentId }), body })
      expect(said(foreign)).toEqual(refusal(operation, 'not_found'))
      expect(saidOf(foreign, foreignId)).toEqual(saidOf(absent, absentId))
      expect(await fingerprint()).toBe(before)
    },
  )

  test.each([['no-uuid'], ['%00'], ['..%2f..'], ["'; drop table grants; --"], ['x'.repeat(400)]])(
    'with the id %.20s is 404, and says that ids are uuids',
    async (id) => {
      const path = fill(operation.path, Object.fromEntries(names.map((name) => [name, encodeURI(decodeURI(id))])))
      const { status } = await send(operation, { path, body: await suite.acme.body(operation) })
      expect(status).toBe(404)
    },
  )
})

test.each(referring)(
  '%s with the id of another tenant’s object in %s is what it is with an absent one, and changes nothing',
  async (_, field, operation) => {
    const schema = operation.requestBody?.content['application/json']?.schema ?? {}
    const path = await suite.acme.path(operation)
    const base = (await suite.acme.body(operation)) as Json
    const foreignId = (await suite.globex.one(collectionOf({ ...operation, path: '' }, field)))['id'] as string
    const before = await fingerprint()
    const foreign = await send(operation, { path, body: { ...base, [field]: foreignId } })
    const absentId = newId()
    const absent = await send(operation, { path, body: { ...base, [field]: absentId } })
    expect(suite.schemas.problem(schema, { ...base, [field]: foreignId })).toBeNull()
    // A selection by an unknown id selects nothing.
    if (foreign.status === 200) expect(foreign.body['items']).toEqual([])
    else expect(foreign.status).toBe(400)
    expect(saidOf(foreign, foreignId)).toEqual(saidOf(absent, absentId))
    expect(await fingerprint()).toBe(before)
  },
)

test.each(listing)(
  '%s with the id of another tenant’s object among %s is what it is with an absent one, and changes nothing',
  async (_, field, operation) => {
    const selects = field === 'ids'
    const collection = selects ? `/v1/${operation.path.split('/')[2]}` : collectionOfList(field)
    const foreignId = await suite.globex.newId({ ...operation, path: `${collection}/{id}` }, 'id')
    const path = await suite.acme.path(operation)
    const base = selects ? {} : ((await suite.acme.body(operation)) as Json)
    const before = await fingerprint()
    const foreign = await send(operation, { path, body: { ...base, [field]: [foreignId] } })
    const absentId = newId()
    const absent = await send(operation, { path, body: { ...base, [field]: [absentId] } })
    // Where each is answered for itself, each is not found.
    if (selects || foreign.status === 200) expect(foreign.text).toContain('not_found')
    else expect(said(foreign)).toEqual(refusal(operation, 'invalid_body'))
    expect(saidOf(foreign, foreignId)).toEqual(saidOf(absent, absentId))
    expect(await fingerprint()).toBe(before)
  },
)

test.each(filtering)('%s with the id of another tenant’s object in %s finds nothing', async (_, name, operation) => {
  const foreignId = (await suite.globex.one(collectionOf({ ...operation, path: '' }, name)))['id'] as string
  const { status, body } = await send(operation, { query: `?${name}=${foreignId}` })
  expect(status).toBe(200)
  expect(body['data']).toEqual([])
})

test('no list of one tenant shows an object of the other', async () => {
  for (const operation of ofTenants.filter(({ method, path }) => method === 'GET' && !path.includes('{'))) {
    const mine = await send(operation)
    const theirs = await send(operation, { client: suite.clientOf(operation, world.globex) })
    const ids = (text: string): string[] =>
      (text.match(/[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}/g) ?? []).filter(
        // Of the examples, which a question may name in any tenant, and of what is built into every tenant.
        (id) => !id.startsWith('019a0000-') && !id.startsWith('00000000-'),
      )
    expect([operation.path, ids(mine.text).filter((id) => ids(theirs.text).includes(id))]).toEqual([operation.path, []])
  }
})

function listsOfIds({ requestBody }: Operation): string[] {
  const schema = requestBody?.content['application/json']?.schema
  const properties = Object.entries((schema && suite.schemas.resolve(schema)['properties']) ?? {}) as [string, Schema][]
  return properties.filter(([, { items }]) => items?.['format'] === 'uuid').map(([name]) => name)
}

async function valid(operation: Operation): Promise<{ path: string; body: unknown }> {
  return { path: await suite.acme.path(operation), body: await suite.acme.body(operation) }
}

function withTenant(operation: Operation, value: string | undefined) {
  const client = suite.clientOf(operation)
  const { 'x-tenant-id': _, ...others } = client.headers
  return new Client(world.url, { ...others, ...(value !== undefined && { 'x-tenant-id': value }) })
}
