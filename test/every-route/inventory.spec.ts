import { Validator } from '@seriousme/openapi-schema-validator'
import { DomainError, errors, type ErrorCode } from '#kernel'
import { renderNativeError, renderOAuthError, type Access } from '#platform'
import { describedRoutes, registeredRoutes, type Operation, type Schema } from './operations.ts'
import { refusal, rows, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { apis, document, operations, schemas } = suite

test.each(apis.map((api) => [api.dialect?.name ?? 'our own', api] as const))(
  'the document of %s is valid OpenAPI',
  async (_, api) => {
    const { valid, errors: found } = await new Validator().validate({ ...structuredClone(api.document) })
    expect(found).toBeUndefined()
    expect(valid).toBe(true)
  },
)

test('every registered route stands in one document, and the documents have no other', () => {
  expect(apis.flatMap((api) => describedRoutes(api.document))).toHaveLength(describedRoutes(document).length)
  expect(describedRoutes(document).toSorted()).toEqual(registeredRoutes(suite.world).toSorted())
})

test.each(
  [...new Set(operations.map(({ dialect }) => dialect))].map(
    (dialect) => [dialect?.name ?? 'our own', dialect] as const,
  ),
)('no two operations of %s have the same id', (_, api) => {
  const ids = operations.filter(({ dialect }) => dialect === api).map(({ operationId }) => operationId)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test('only these operations take no credential', () => {
  const open = operations.filter(({ access }) => access.kind === 'public').map(({ operationId }) => operationId)
  expect(open.toSorted()).toEqual([
    'createToken', 'getHealth', 'getJwks', 'getOAuthInfo', 'getOpenApiJson', 'getOpenApiYaml', 'getOpenIdConfiguration', 'getReadiness',
  ]) // prettier-ignore
})

test('no scope for reading lets anybody write', () => {
  const writes = operations.filter(({ method }) => method !== 'GET')
  const open = writes.filter(
    ({ access }) =>
      access.kind === 'tenant' &&
      (access.anyOf.length === 0 || access.anyOf.some((scope) => /:read(?:_own)?$/.test(scope))),
  )
  expect(open.map(({ operationId }) => operationId)).toEqual([])
})

test('every field of our own API says what it is, but for those that nearly every object has', () => {
  const own = apis.find(({ dialect }) => dialect === null)?.document.components.schemas ?? {}
  const fields = Object.entries(own).flatMap(([name, schema]) => undescribed(schema, name))
  expect(fields.filter((field) => !/\.(?:id|name|created_at|updated_at)$/.test(field))).toEqual([])
})

describe.each(rows(operations))('%s', (_, operation) => {
  test('is described', () => {
    const { operationId, summary, description, tags } = operation
    expect(operationId).toMatch(/^[a-z][a-zA-Z]+$/)
    expect(summary).toMatch(/^[A-Z].*[^.]$/)
    expect(description).toMatch(/^[A-Z\d].*[.)]/s)
    expect(tags).toHaveLength(1)
  })

  test('asks for the credentials that its guard asks for', () => {
    expect(operation.security ?? []).toEqual(securityOf(operation.access))
    expect(Object.keys(document.components.securitySchemes)).toEqual(
      expect.arrayContaining((operation.security ?? []).flatMap(Object.keys)),
    )
    const tenant = operation.parameters.find(({ name }) => name === 'X-Tenant-ID')
    expect(tenant?.required).toBe(operation.access.kind === 'tenant' ? operation.dialect === null : undefined)
  })

  test('describes each parameter, with an example that fits', () => {
    for (const { name, description, schema } of operation.parameters) {
      expect([name, description ?? '']).toEqual([name, expect.stringMatching(/\w/)])
      expect([name, schema['type']]).toEqual([name, expect.anything()])
      if ('example' in schema) expect([name, schemas.problem(schema, schema['example'])]).toEqual([name, null])
    }
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(operation.parameters.filter(({ in: place }) => place === 'path').map(({ name }) => name)).toEqual(inPath)
  })

  test('describes each field of its body, with an example of the whole that fits', () => {
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
      const body = schemas.resolve(schema)
      expect(undescribed(body)).toEqual([])
      expect(body['example']).toBeDefined()
      expect(schemas.problem(schema, body['example'])).toBeNull()
    }
  })

  test('declares a success and the errors that any request can meet, in the shape of an error', () => {
    const statuses = Object.keys(operation.responses)
    expect(statuses.filter((status) => status < '300').length).toBeGreaterThan(0)
    expect(statuses).toEqual(
      expect.arrayContaining([
        '400',
        '500',
        '503',
        ...(operation.access.kind === 'public' ? [] : ['401', '403', '429']),
      ]),
    )
    const codes = Object.keys(errors) as ErrorCode[]
    const known = new Set(codes.map((code) => String(refusal(operation, code)[0])))
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      expect(description).not.toBe('')
      if (status < '400') continue
      expect(known).toContain(status)
      const fitting = codes.filter((code) => String(refusal(operation, code)[0]) === status)
      const shapes = fitting.map((code) => ({ $ref: `#/components/schemas/${shapeOf(operation, code)}` }))
      const { schema, example } = content?.['application/json'] ?? {}
      expect(shapes).toContainEqual(schema)
      expect(schemas.problem(schema as Schema, example)).toBeNull()
      if (!operation.dialect) expect(fitting.map((code) => rendered(operation, code))).toContainEqual(example)
    }
  })
})

function rendered({ path }: Operation, code: ErrorCode): unknown {
  const render = path.startsWith('/oauth/') ? renderOAuthError : renderNativeError
  return render(new DomainError(code), { id: '', path, headers: {} }).body
}

function shapeOf({ dialect, path }: Operation, code: ErrorCode): string {
  if (dialect) return `${dialect.name}.${dialect.errorSchema(code)}`
  return path.startsWith('/oauth/') ? 'OAuthError' : 'Error'
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (access.kind === 'public') return []
  if (access.kind === 'operator') return [{ operator: [] }]
  return access.bearerOnly ? [{ bearer: [] }] : [{ api_key: [] }, { bearer: [] }]
}

function undescribed(schema: Schema, at = ''): string[] {
  return Object.entries((schema['properties'] ?? {}) as Record<string, Schema>).flatMap(([name, property]) => [
    ...(property['description'] ? [] : [`${at}.${name}`]),
    ...undescribed(schemas.resolve(property), `${at}.${name}`),
  ])
}
