import type { OpenAPIObject } from '@nestjs/swagger'

type Schema = Readonly<Record<string, unknown>>

/**
 * A body to try: the fields that have an example, and those of the objects in it. Swagger UI would otherwise fill in
 * every field there is, also those that exclude each other.
 */
export function bodyExamples(document: OpenAPIObject): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Record<string, unknown>>
  for (const item of Object.values(document.paths)) {
    for (const operation of [item.post, item.put, item.patch]) {
      const body = operation?.requestBody
      if (!body || '$ref' in body) continue
      for (const { schema } of Object.values(body.content)) {
        const name = schema && '$ref' in schema ? nameOf(schema.$ref) : undefined
        if (name !== undefined && schemas[name]) schemas[name]['example'] ??= exampleOf(schemas, schemas[name])
      }
    }
  }
}

function exampleOf(schemas: Readonly<Record<string, Schema>>, schema: Schema): unknown {
  if (schema['example'] !== undefined) return schema['example']
  const [inner] = [schema['allOf'], schema['anyOf'], schema['oneOf']].flatMap((each) => (Array.isArray(each) ? (each as Schema[]) : []))
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
