import { Validator } from '@seriousme/openapi-schema-validator'
import { errors } from '#kernel'
import type { Access } from '#platform'
import type { Schema } from './operations.ts'
import { describedRoutes, registeredRoutes } from './operations.ts'
import { rows, startSuite } from './suite.ts'

const suite = await startSuite()
afterAll(() => suite.close())

const { document, operations, schemas } = suite

test('the document is valid OpenAPI', async () => {
  const { valid, errors: found } = await new Validator().validate({ ...structuredClone(document) })
  expect(found).toBeUndefined()
  expect(valid).toBe(true)
})

test('every registered route stands in the document, and the document has no other', () => {
  expect(describedRoutes(document).toSorted()).toEqual(registeredRoutes(suite.world).toSorted())
})

test('no two operations have the same id', () => {
  const ids = operations.map(({ operationId }) => operationId)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test('only these operations take no credential', () => {
  const open = operations.filter(({ access }) => access.kind === 'public').map(({ operationId }) => operationId)
  expect(open.toSorted()).toEqual([
    'createToken', 'getHealth', 'getJwks', 'getOpenApiJson', 'getOpenApiYaml', 'getOpenIdConfiguration', 'getReadiness',
  ]) // prettier-ignore
})

test('no scope for reading lets anybody write', () => {
  const writes = operations.filter(({ method }) => method !== 'GET')
  const open = writes.filter(
    ({ access }) =>
      access.kind === 'tenant' && (access.anyOf.length === 0 || access.anyOf.some((scope) => scope.endsWith(':read'))),
  )
  expect(open.map(({ operationId }) => operationId)).toEqual([])
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
    expect(tenant?.required).toBe(operation.access.kind === 'tenant' ? true : undefined)
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
    expect(statuses.filter((status) => status < '300')).toHaveLength(1)
    expect(statuses).toEqual(
      expect.arrayContaining([
        '400',
        '500',
        '503',
        ...(operation.access.kind === 'public' ? [] : ['401', '403', '429']),
      ]),
    )
    const known = new Set(Object.values(errors).map(({ status }) => String(status)))
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      expect(description).not.toBe('')
      if (status < '400') continue
      expect(known).toContain(status)
      const shape = operation.path.startsWith('/oauth/') ? 'OAuthError' : 'Error'
      expect(content?.['application/json']?.schema).toEqual({ $ref: `#/components/schemas/${shape}` })
    }
  })
})

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
