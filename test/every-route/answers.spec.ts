import { eventKinds } from '#kernel'
import type { Json } from '../support/client.ts'
import type { Operation } from './operations.ts'
import { refusal, rows, said, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { world, operations, send, fingerprint } = suite
const conditional = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'If-Match'))
const unconditional = operations.filter(
  (operation) => ['PATCH', 'PUT', 'DELETE'].includes(operation.method) && !conditional.includes(operation),
)
const versioned = operations.filter((operation) => 'ETag' in (success(operation).headers ?? {}))
/** What is asked by POST and changes nothing; an import is many changes, or none. */
const asks = new Set([
  'importLines',
  'evaluatePolicies',
  'validatePolicies',
  'simulatePolicies',
  'deleteWorkgroupMembers', // of people who are none
  'startAccessProfile', // of one that runs already
  'reinstateKey', // of one that is not suspended
])
const createsSecret = new Set([
  'createPersonalAccessToken',
  'createKey',
  'createTenant',
  'createApiKey',
  'createOAuthClient',
  'createToken',
])

describe.each(rows(operations))('%s', (_, operation) => {
  test('answers a valid request with its declared success, in a body that fits its schema and has no other field', async () => {
    const { status } = await send(operation, await valid(operation))
    expect(operation.responses).toHaveProperty(String(status))
    expect(status).toBeLessThan(300)
  })

  test('answers an object and its list alike', async () => {
    if (!operation.path.endsWith('/{id}') || operation.method !== 'GET') return
    const list = operations.find(({ method, path }) => method === 'GET' && `${path}/{id}` === operation.path)
    if (!list && operation.operationId === 'getTaskStatus') return
    if (!list) throw new Error(`${operation.path} has no list`)
    const path = await suite.acme.path(operation)
    const { body } = await send(operation, { path })
    const object = (operation.dialect?.name === 'veza' ? body['value'] : body) as Json
    const { body: page } = await send(list, { query: `?${wide(list)}${named(list, object['id'] as string)}` })
    const items = (Array.isArray(page) ? page : (page['data'] ?? page['values'])) as Json[]
    expect(items.find(({ id }) => id === object['id'])).toEqual(object)
  })

  test.each(['HEAD', 'OPTIONS'])('answers %s without a failure and without doing anything', async (method) => {
    const { path } = await valid(operation)
    const before = await fingerprint()
    const { status } = await fetch(world.url + path, { method, headers: suite.clientOf(operation).headers })
    expect(status).toBeLessThan(500)
    expect(await fingerprint()).toBe(before)
  })

  test('tells a secret only where one is made', async () => {
    if (operation.tags?.includes('Documents')) return
    const { text } = await send(operation, await valid(operation))
    const secrets =
      text.match(/castellan_[A-Za-z0-9_]{24,}/g)?.filter((word) => !word.startsWith('castellan_client_')) ?? []
    const expected = createsSecret.has(operation.operationId)
    expect([operation.operationId, secrets.length > 0 || text.includes('access_token"')]).toEqual([
      operation.operationId,
      expected,
    ])
    expect(text).not.toMatch(/secret_hash|private|"d":|"p":/)
  })
})

test.each(rows(versioned))('%s sends the version of its object as ETag', async (_, operation) => {
  const { headers, body } = await send(operation, await valid(operation))
  if (operation.dialect) expect(headers.get('etag')).toMatch(/^"\d+"$/)
  else expect(headers.get('etag')).toBe(`"${body['version']}"`)
})

describe.each(rows(conditional))('%s', (_, operation) => {
  test.each([
    ['stale', '"0"', 'precondition_failed'],
    ['stale', '"999"', 'precondition_failed'],
    ['weak', 'W/"1"', 'precondition_failed'],
    ['malformed', '1', 'invalid_parameter'],
    ['empty', '', 'invalid_parameter'],
  ] as const)('with the %s If-Match %j is refused, and changes nothing', async (_kind, tag, code) => {
    const request = await valid(operation)
    const before = await fingerprint()
    const answer = await send(operation, { ...request, headers: { 'if-match': tag } })
    expect(said(answer)).toEqual(refusal(operation, code))
    expect(await fingerprint()).toBe(before)
  })

  test.each(['"1"', '"7", "1"', '*'])('with the If-Match %s that fits is done', async (tag) => {
    const request = await valid(operation)
    const fitting = tag.replace('"1"', await currentTag(operation))
    const { status } = await send(operation, { ...request, headers: { 'if-match': fitting } })
    expect(status).toBeLessThan(300)
  })
})

describe.each(rows(unconditional))('%s', (_, operation) => {
  test.each([
    ['"1"', 'precondition_failed'],
    ['1', 'invalid_parameter'],
  ] as const)('of what has no ETag is refused with the If-Match %s, and changes nothing', async (tag, code) => {
    const request = await valid(operation)
    const before = await fingerprint()
    const answer = await send(operation, { ...request, headers: { 'if-match': tag } })
    expect(said(answer)).toEqual(refusal(operation, code))
    expect(await fingerprint()).toBe(before)
  })

  test('of what has no ETag is done with the If-Match *', async () => {
    const { status } = await send(operation, { ...(await valid(operation)), headers: { 'if-match': '*' } })
    expect(status).toBeLessThan(300)
  })
})

test('every PATCH, PUT and DELETE of a versioned object takes If-Match', () => {
  const objects = new Set(versioned.filter(({ method }) => method === 'GET').map(({ path }) => path))
  const writes = operations.filter(
    ({ method, path }) => objects.has(path) && ['PATCH', 'PUT', 'DELETE'].includes(method),
  )
  expect(writes.filter((operation) => !conditional.includes(operation)).map(({ operationId }) => operationId)).toEqual(
    [],
  )
})

test('every single object that is read and can be changed has a version', () => {
  const changed = new Set(
    operations.filter(({ method }) => ['PATCH', 'PUT', 'DELETE'].includes(method)).map(({ path }) => path),
  )
  const single = operations.filter(
    ({ method, path, dialect }) =>
      method === 'GET' && path.endsWith('/{id}') && changed.has(path) && dialect?.name !== 'veza',
  )
  expect(single.filter((operation) => !versioned.includes(operation)).map(({ operationId }) => operationId)).toEqual([])
})

test('every change is one entry of the audit log of its tenant', async () => {
  const changes = operations.filter(
    ({ method, access, operationId }) => method !== 'GET' && access.kind === 'tenant' && !asks.has(operationId),
  )
  for (const operation of changes) {
    const request = await valid(operation)
    const before = await lastEntry()
    const { status } = await send(operation, {
      ...request,
      headers: { 'x-request-id': `audit ${operation.operationId}` },
    })
    const after = await lastEntry()
    expect([operation.operationId, status < 300, after.seq > before.seq, after.request_id]).toEqual([
      operation.operationId,
      true,
      true,
      `audit ${operation.operationId}`,
    ])
  }
  expect((await world.acme.admin.get('/v1/audit-log/verification')).body['valid']).toBe(true)
})

test('every kind of event has a scope that reads it, and no other kind has', async () => {
  const kinds = await world.asOwner<{ kind: string }>(
    `select distinct split_part(type, '.', 1) as kind from events where tenant_id = $1`,
    [world.acme.id],
  )
  expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(eventKinds).toSorted())
})

/** The largest page of a list. */
function wide({ parameters }: Operation): string {
  const size = parameters.find(({ name }) => name === 'limit' || name === 'page_size')
  return `${size?.name}=${size?.schema['maximum']}`
}

/** Where a list is oldest first, the one object is asked for by its id. */
function named({ parameters }: Operation, id: string): string {
  const filter = parameters.find(({ name, description = '' }) => name === 'filters' && /\bid\b/.test(description))
  return filter ? `&filters=${encodeURIComponent(`id eq "${id}"`)}` : ''
}

/** A new object is at version 1; what a tenant has one of is at the version that reading it tells. */
async function currentTag({ path }: Operation): Promise<string> {
  const read = operations.find((each) => each.method === 'GET' && each.path === path)
  if (path.includes('{') || !read) return '"1"'
  return (await send(read)).headers.get('etag') ?? '"1"'
}

async function lastEntry(): Promise<{ seq: number; request_id: string | null }> {
  const { body } = await world.acme.admin.get('/v1/audit-log?limit=1')
  return (body['data'] as { seq: number; request_id: string | null }[])[0] ?? { seq: 0, request_id: null }
}

function success({ responses }: Operation): Operation['responses'][string] {
  const [status] = Object.keys(responses).filter((each) => each < '300')
  return responses[status ?? '200'] as Operation['responses'][string]
}

async function valid(operation: Operation): Promise<{ path: string; body: unknown }> {
  return { path: await suite.acme.path(operation), body: await suite.acme.body(operation) }
}
