import type { Answer, Json } from '../support/client.ts'
import { badValues, fieldsOf } from './bad-values.ts'
import type { Operation, Schema } from './operations.ts'
import { contentType, rows, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.world.close())

const { operations, schemas, send, fingerprint } = suite
const withBody = operations.filter(({ requestBody }) => requestBody)
const ofFields = withBody.filter((operation) => schemaOf(operation) && !operation.path.startsWith('/oauth/'))
const assigned = ['id', 'tenant_id', 'status', 'state', 'version', 'created_at', 'updated_at', 'created_by', 'revoked_at', 'secret_hash']

describe.each(rows(ofFields))('%s', (_, operation) => {
  const schema = schemaOf(operation) as Schema
  const fields = fieldsOf(schemas, schema, '')

  test('refuses each field that is wrong, by its name, and writes nothing', async () => {
    const { path, body } = await valid(operation)
    const before = await fingerprint()
    const wrong: string[] = []
    for (const bad of badValues(schemas, schema, body)) {
      const answer = await send(operation, { path, body: bad.body })
      const named = answer.text.includes(bad.field.split('.').find((part) => part !== '0') as string) || answer.text.includes('pointer')
      if (!isRefused(answer) || !named) wrong.push(`${bad.field} as ${bad.name}: ${answer.status} ${answer.text.slice(0, 200)}`)
    }
    expect(wrong).toEqual([])
    expect(await fingerprint()).toBe(before)
  })

  test('refuses a field that it does not know, by its name, at every depth', async () => {
    const { path, body } = await valid(operation)
    const before = await fingerprint()
    const inner = new Set(fields.flatMap(({ field }) => (field.includes('.') ? [field.slice(0, field.lastIndexOf('.'))] : [])))
    const bodies = [{ ...body, surprise: 1 }, ...[...inner].map((at) => nested(body, at.split('.'), 'surprise'))]
    for (const each of bodies) {
      const answer = await send(operation, { path, body: each })
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_body'])
      expect(answer.text).toContain('surprise')
    }
    expect(await fingerprint()).toBe(before)
  })

  test.each(assigned.filter((name) => !fields.some(({ field }) => field === name)).map((name) => [name]))('does not let a client set %s', async (name) => {
    const { path, body } = await valid(operation)
    const before = await fingerprint()
    const answer = await send(operation, { path, body: { ...body, [name]: '019a0000-0000-7000-8000-000000000001' } })
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_body'])
    expect(answer.text).toContain(name)
    expect(await fingerprint()).toBe(before)
  })

  test.each(((schemas.resolve(schema)['required'] ?? []) as string[]).map((name) => [name]))('without %s is refused by that name', async (name) => {
    const { path, body } = await valid(operation)
    const { [name]: _left, ...others } = body
    const before = await fingerprint()
    const answer = await send(operation, { path, body: others })
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_body'])
    expect(answer.text).toContain(name)
    expect(await fingerprint()).toBe(before)
  })

  test.each([['[]'], ['[{}]'], ['"text"'], ['42'], ['null'], ['true'], ['{"a":'], [''], ['{} {}'], ["{'a': 1}"]])('refuses the body %s', async (body) => {
    const { path } = await valid(operation)
    const before = await fingerprint()
    expect(isRefused(await send(operation, { path, body, headers: { 'content-type': 'application/json' } }))).toBe(true)
    expect(await fingerprint()).toBe(before)
  })
})

describe.each(rows(withBody))('%s', (_, operation) => {
  const declared = Object.keys(operation.requestBody?.content ?? {})
  const others = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a', 'application/x-ndjson', 'application/xml', 'text/plain', 'nonsense']

  test.each(others.filter((type) => !declared.some((each) => type.startsWith(each))).map((type) => [type]))('is 415 as %s, and writes nothing', async (type) => {
    const { path, body } = await valid(operation)
    const before = await fingerprint()
    const text = type.startsWith('multipart') ? '--a\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--a--\r\n' : type.includes('form') ? 'name=x' : JSON.stringify(body)
    const answer = await send(operation, { path, body: text, headers: { 'content-type': type } })
    expect(answer.status).toBe(415)
    expect(await fingerprint()).toBe(before)
  })

  test('takes its own content type with a charset, in any case', async () => {
    const { path, body } = await valid(operation)
    const type = `${contentType(operation).replace('json', 'JSON')}; charset=utf-8`
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const { status } = await send(operation, { path, body: text, headers: { 'content-type': type } })
    expect(status).toBeLessThan(300)
  })
})

/** The schema of a body whose fields are named. */
function schemaOf({ requestBody }: Operation): Schema | undefined {
  return requestBody?.content['application/json']?.schema
}

async function valid(operation: Operation): Promise<{ path: string; body: Json }> {
  return { path: await suite.acme.path(operation), body: (await suite.acme.body(operation)) as Json }
}

function isRefused({ status, body }: Answer<Json>): boolean {
  return status === 400 && body['code'] === 'invalid_body'
}

/** The body with one more field in the object at a place. */
function nested(node: unknown, path: readonly string[], name: string): unknown {
  const [next, ...rest] = path
  if (next === undefined) return { ...(node as object), [name]: 1 }
  const below = (node as Json | undefined)?.[next] as unknown
  return next === '0' ? [nested(below, rest, name)] : { ...(node as object), [next]: nested(below, rest, name) }
}
