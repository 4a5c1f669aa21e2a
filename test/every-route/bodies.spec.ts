import { isDeepStrictEqual } from 'node:util'
import type { Answer, Json } from '../support/client.ts'
import { badValues, fieldsOf } from './bad-values.ts'
import type { Operation, Schema } from './operations.ts'
import { contentType, refusal, rows, said, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { operations, schemas, send, fingerprint } = suite
const withBody = operations.filter(({ requestBody }) => requestBody)
const ofFields = withBody.filter((operation) => schemaOf(operation) && !operation.path.startsWith('/oauth/'))
const formOfOneField = '--a\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--a--\r\n'
const assigned = [
  'id',
  'tenant_id',
  'status',
  'state',
  'version',
  'created_at',
  'updated_at',
  'created_by',
  'revoked_at',
  'deleted_at',
]

describe.each(rows(ofFields))('%s', (_, operation) => {
  const schema = schemaOf(operation) as Schema
  const fields = fieldsOf(schemas, schema, '')

  test('refuses each field that is wrong, by its name, and writes nothing', async () => {
    const { path, body } = await valid(operation)
    const before = await fingerprint()
    const wrong: string[] = []
    for (const bad of badValues(schemas, schema, body)) {
      const answer = await send(operation, { path, body: bad.body })
      const named =
        answer.text.includes(bad.field.split('.').find((part) => part !== '0') as string) ||
        answer.text.includes('pointer')
      const misread = bad.field === 'filter' && isDeepStrictEqual(said(answer), refusal(operation, 'invalid_filter'))
      if (!(isRefused(operation, answer) || misread) || !named)
        wrong.push(`${bad.field} as ${bad.name}: ${answer.status} ${answer.text.slice(0, 200)}`)
    }
    expect(wrong).toEqual([])
    expect(await fingerprint()).toBe(before)
  })

  test('refuses a field that it does not know, by its name, at every depth', async () => {
    const { path, body } = await valid(operation)
    const before = await fingerprint()
    const open = new Set(fields.flatMap(openAt))
    const inner = new Set(
      fields.flatMap(({ field }) => (field.includes('.') ? [field.slice(0, field.lastIndexOf('.'))] : [])),
    ).difference(open)
    // Of a dialect, whose clients send whole objects back, the fields that it names are promised and no more.
    const deep = operation.dialect ? [] : [...inner]
    const bodies = [{ ...body, surprise: 1 }, ...deep.map((at) => nested(body, at.split('.'), 'surprise'))]
    for (const each of bodies) {
      const answer = await send(operation, { path, body: each })
      expect(said(answer)).toEqual(refusal(operation, 'invalid_body'))
      expect(answer.text).toContain('surprise')
    }
    expect(await fingerprint()).toBe(before)
  })

  test(`does not let a client set ${assigned.join(', ')} unless the field is its own`, async () => {
    const { path, body } = await valid(operation)
    const before = await fingerprint()
    for (const name of assigned.filter((each) => !fields.some(({ field }) => field === each))) {
      const answer = await send(operation, { path, body: { ...body, [name]: '019a0000-0000-7000-8000-000000000001' } })
      expect([name, ...said(answer), answer.text.includes(name)]).toEqual([
        name,
        ...refusal(operation, 'invalid_body'),
        true,
      ])
    }
    expect(await fingerprint()).toBe(before)
  })

  test('refuses a body without a field that is required, by its name', async () => {
    const { path, body } = await valid(operation)
    const before = await fingerprint()
    for (const name of (schemas.resolve(schema)['required'] ?? []) as string[]) {
      const { [name]: _left, ...others } = body
      const answer = await send(operation, { path, body: others })
      expect([name, ...said(answer), answer.text.includes(name)]).toEqual([
        name,
        ...refusal(operation, 'invalid_body'),
        true,
      ])
    }
    expect(await fingerprint()).toBe(before)
  })

  test('refuses what is not one JSON object', async () => {
    const { path } = await valid(operation)
    const before = await fingerprint()
    for (const body of ['[]', '[{}]', '"text"', '42', 'null', 'true', '{"a":', '', '{} {}', "{'a': 1}"]) {
      const answer = await send(operation, { path, body, headers: { 'content-type': 'application/json' } })
      expect([body, isRefused(operation, answer)]).toEqual([body, true])
    }
    expect(await fingerprint()).toBe(before)
  })
})

describe.each(rows(withBody))('%s', (_, operation) => {
  const declared = Object.keys(operation.requestBody?.content ?? {})
  const others = [
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'application/x-ndjson',
    'application/xml',
    'text/plain',
    'nonsense',
  ]

  test('is 415 in a content type that it does not declare, and writes nothing', async () => {
    const { path, body } = await valid(operation)
    const before = await fingerprint()
    for (const type of others.filter((each) => !declared.some((known) => each.startsWith(known)))) {
      const text = type.startsWith('multipart')
        ? formOfOneField
        : type.includes('urlencoded')
          ? 'name=x'
          : JSON.stringify(body)
      const { status } = await send(operation, { path, body: text, headers: { 'content-type': type } })
      expect([type, status]).toEqual([type, 415])
    }
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
  const schema = requestBody?.content['application/json']?.schema
  return schema && 'properties' in schemas.resolve(schema) ? schema : undefined
}

/** Where fields may stand that the document does not name: a field whose object is open, or the items of a list of such. */
function openAt({ field, property }: { field: string; property: Schema }): string[] {
  const { additionalProperties, items } = schemas.resolve(property)
  if (additionalProperties === true) return [field]
  return items ? openAt({ field: `${field}.0`, property: items as Schema }) : []
}

async function valid(operation: Operation): Promise<{ path: string; body: Json }> {
  return { path: await suite.acme.path(operation), body: (await suite.acme.body(operation)) as Json }
}

function isRefused(operation: Operation, answer: Answer<Json>): boolean {
  return isDeepStrictEqual(said(answer), refusal(operation, 'invalid_body'))
}

/** The body with one more field in the object at a place. */
function nested(node: unknown, path: readonly string[], name: string): unknown {
  const [next, ...rest] = path
  if (next === undefined) return { ...(node as object), [name]: 1 }
  const below = (node as Json | undefined)?.[next] as unknown
  return next === '0' ? [nested(below, rest, name)] : { ...(node as object), [next]: nested(below, rest, name) }
}
