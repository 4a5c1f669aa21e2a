import { randomUUID } from 'node:crypto'
import type { Client, Json } from '../support/client.ts'
import type { Operation } from './operations.ts'
import { person, refusal, rows, said, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { world, operations, send, fingerprint } = suite
const posts = operations.filter(({ method }) => method === 'POST')
const kept = posts.filter(({ repeatable }) => !repeatable)

test('every POST takes an Idempotency-Key, but those that are idempotent by nature', () => {
  const documented = posts.filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
  expect(documented.map(({ operationId }) => operationId)).toEqual(kept.map(({ operationId }) => operationId))
  expect(
    posts
      .filter(({ repeatable }) => repeatable)
      .map(({ operationId }) => operationId)
      .toSorted(),
  ).toEqual(['createToken', 'importLines'])
})

describe.each(rows(kept))('%s', (_, operation) => {
  test('gives the same answer again for the same key and body, and does nothing again', async () => {
    const request = { ...(await valid(operation)), headers: { 'idempotency-key': randomUUID() } }
    const first = await send(operation, request)
    const before = await fingerprint()
    const again = await send(operation, request)
    expect([again.status, again.text]).toEqual([first.status, first.text])
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true'])
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
    expect(await fingerprint()).toBe(before)
  })

  test('refuses the same key with another body, and does nothing', async () => {
    if (!operation.requestBody) return
    const { path, body } = await valid(operation)
    const headers = { 'idempotency-key': randomUUID() }
    await send(operation, { path, body, headers })
    const other = await changed(operation, body as Json)
    const before = await fingerprint()
    const answer = await send(operation, { path, body: other, headers })
    expect(said(answer)).toEqual(refusal(operation, 'idempotency_key_reused'))
    expect(await fingerprint()).toBe(before)
  })

  test('has one effect, however many requests with one key arrive at once', async () => {
    const alone = await valid(operation)
    const cost = await entriesOf(() => send(operation, { ...alone, headers: { 'idempotency-key': randomUUID() } }))
    const request = { ...(await valid(operation)), headers: { 'idempotency-key': randomUUID() } }
    const answers: Awaited<ReturnType<typeof send>>[] = []
    const storm = await entriesOf(async () => {
      answers.push(...(await Promise.all(Array.from({ length: 8 }, () => send(operation, request)))))
    })
    expect(storm).toBe(cost)
    const done = answers.filter(({ status }) => status < 300)
    expect(new Set(done.map(({ text }) => text)).size).toBe(1)
    expect(done.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1)
    for (const answer of answers.filter(({ status }) => status >= 300))
      expect(said(answer)).toEqual(refusal(operation, 'idempotency_in_progress'))
  })

  test('does not keep a refusal: the key is good for the corrected request', async () => {
    if (!operation.requestBody) return
    const { path, body } = await valid(operation)
    const headers = { 'idempotency-key': randomUUID() }
    const wrong = Array.isArray(body) ? {} : { ...(body as Json), surprise: 1 }
    expect((await send(operation, { path, body: wrong, headers })).status).toBe(400)
    expect((await send(operation, { path, body, headers })).status).toBeLessThan(300)
  })

  test.each(['', ' ', 'a b', 'x'.repeat(256), 'ä'])('refuses the key %.12s', async (key) => {
    const request = await valid(operation)
    const before = await fingerprint()
    const answer = await send(operation, { ...request, headers: { 'idempotency-key': key } })
    expect(said(answer)).toEqual(refusal(operation, 'invalid_parameter'))
    expect(answer.text).toContain('Idempotency-Key')
    expect(await fingerprint()).toBe(before)
  })

  test("takes another credential's key as its own", async () => {
    if (operation.access.kind !== 'tenant') return
    const headers = { 'idempotency-key': randomUUID() }
    await send(operation, { ...(await valid(operation)), headers })
    const client = operation.access.bearerOnly ? await person(world, world.acme, 'bob') : await anotherKey()
    const { status, headers: answered } = await send(operation, { ...(await valid(operation)), headers, client })
    expect(status).toBeLessThan(300)
    expect(answered.get('idempotent-replayed')).toBeNull()
  })
})

async function anotherKey(): Promise<Client> {
  const { body } = await world.acme.admin.post('/v1/api-keys', { name: 'another' })
  return world.acme.admin.with({ 'x-api-key': body['key'] as string })
}

async function valid(operation: Operation): Promise<{ path: string; body: unknown }> {
  return { path: await suite.acme.path(operation), body: await suite.acme.body(operation) }
}

/** Another body that is valid too: other names, or another text. */
async function changed(operation: Operation, body: Json): Promise<Json> {
  const another = (await suite.acme.body(operation)) as Json
  if (JSON.stringify(another) !== JSON.stringify(body)) return another
  const [name, value] = Object.entries(body).find(([, each]) => ['string', 'boolean'].includes(typeof each)) ?? []
  if (name === undefined) throw new Error(`${operation.operationId}: no field of its example can be changed`)
  return { ...body, [name]: typeof value === 'string' ? `${value}.` : !value }
}

/** How many audit entries the work leaves, in whichever tenant. */
async function entriesOf(work: () => Promise<unknown>): Promise<number> {
  const count = async (): Promise<number> =>
    (await world.asOwner<{ n: number }>('select count(*)::int as n from audit_log'))[0]?.n ?? 0
  const before = await count()
  await work()
  return (await count()) - before
}
