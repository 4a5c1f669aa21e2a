import type { OpenAPIObject } from '@nestjs/swagger'
import { demoTenant } from './demo-data.ts'

type Schema = Readonly<Record<string, unknown>>

/** Objects of the demo tenant (demo-data.ts), by the collection they stand in. */
const demoObjects: Readonly<Record<string, string>> = {
  tenants: demoTenant,
  identities: '019a0000-0000-7000-8000-000000000001',
  sources: '019a0000-0000-7000-8000-000000000100',
  entitlements: '019a0000-0000-7000-8000-000000000201',
  groups: '019a0000-0000-7000-8000-000000000300',
  'access-profiles': '019a0000-0000-7000-8000-000000000500',
  access_profiles: '019a0000-0000-7000-8000-000000000502',
  members: '019a0000-0000-7000-8000-000000000001',
  policies: '019a0000-0000-7000-8000-000000000600',
  segments: '019a0000-0000-7000-8000-000000000400',
  'oauth-clients': '019a0000-0000-7000-8000-000000000700',
  'personal-access-tokens': '019a0000-0000-7000-8000-000000000700',
  grants: '019a0000-0000-7000-8000-000000001003',
}

/** A path parameter is the id of an object of the collection before it, as the API writes ids: as uuids by default. */
export function pathParameters(document: OpenAPIObject, wireId?: (id: string) => string): void {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const operation of [item.get, item.post, item.put, item.patch, item.delete]) {
      for (const parameter of operation?.parameters ?? []) {
        if (!('name' in parameter) || parameter.in !== 'path') continue
        if (parameter.schema && 'type' in parameter.schema && parameter.schema.type === 'integer') continue
        const collection = new RegExp(`([^/]+)/\\{${parameter.name}\\}`).exec(path)?.[1] ?? ''
        const example = demoObjects[collection]
        parameter.description ??= `An id in ${collection.replaceAll('-', ' ')}`
        parameter.schema = {
          type: 'string',
          ...(!wireId && { format: 'uuid' }),
          ...(example !== undefined && { example: wireId ? wireId(example) : example }),
        }
      }
    }
  }
}

/**
 * A body to try: the fields that have an example, and those of the objects in it; of a PATCH one of them. Swagger UI would
 * otherwise fill in every field there is, also those that exclude each other.
 */
export function bodyExamples(document: OpenAPIObject): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Record<string, unknown>>
  for (const item of Object.values(document.paths)) {
    for (const operation of [item.post, item.put, item.patch]) {
      const body = operation?.requestBody
      if (!body || '$ref' in body) continue
      for (const { schema } of Object.values(body.content)) {
        const named = schema && '$ref' in schema ? schemas[nameOf(schema.$ref)] : undefined
        if (named)
          named['example'] ??=
            operation === item.patch ? oneField(exampleOf(schemas, named)) : exampleOf(schemas, named)
      }
    }
  }
}

function oneField(example: unknown): unknown {
  const fields = Object.entries((example ?? {}) as Schema)
  const field = fields.find(([name]) => name === 'description') ?? fields[0]
  return field && Object.fromEntries([field])
}

function exampleOf(schemas: Readonly<Record<string, Schema>>, schema: Schema): unknown {
  if (schema['example'] !== undefined) return schema['example']
  const [inner] = [schema['allOf'], schema['anyOf'], schema['oneOf']].flatMap((each) =>
    Array.isArray(each) ? (each as Schema[]) : [],
  )
  if (inner) return exampleOf(schemas, inner)
  if (typeof schema['$ref'] === 'string') return exampleOf(schemas, schemas[nameOf(schema['$ref'])] ?? {})
  if (typeof schema['items'] === 'object' && schema['items'] !== null) {
    const item = exampleOf(schemas, schema['items'] as Schema)
    return item === undefined ? undefined : [item]
  }
  const entries = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>).flatMap(([name, property]) => {
    const value = exampleOf(schemas, property)
    return value === undefined ? [] : [[name, value] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function nameOf(reference: string): string {
  return reference.split('/').at(-1) ?? ''
}
