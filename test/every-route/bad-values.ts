import type { Schema } from './operations.ts'
import { typesOf, type Schemas } from './schemas.ts'

/** Written as JSON text, since JSON.stringify would escape what is meant to arrive as it is. */
class JsonSource {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

export interface BadValue {
  /** Where in the body, such as `resource.id`. */
  readonly field: string
  readonly name: string
  /** The body as JSON text. */
  readonly body: string
}

const wrongTypes: [string, unknown][] = [
  ['a number', 42],
  ['a negative number', -1],
  ['a fraction', 1.5],
  ['a text', 'x'],
  ['a number as text', '42'],
  ['an empty text', ''],
  ['true', true],
  ['null', null],
  ['a list', []],
  ['a list of another type', [{}]],
  ['an object', {}],
  ['an object that hides a text', { length: 3 }],
]

/** What no field takes, whatever its schema says. */
const hostileTexts: [string, JsonSource][] = [
  ['a NUL', new JsonSource('"a\\u0000b"')],
  ['a lone surrogate', new JsonSource('"a\\ud800b"')],
  ['a control character', new JsonSource('"a\\u0007b"')],
  ['a C1 control character', new JsonSource('"a\\u0085b"')],
]
const hostileNumbers: [string, JsonSource][] = [
  ['a number beyond 2^53', new JsonSource('9007199254740993')],
  ['a number beyond a double', new JsonSource('1e999')],
]
const hostileObjects: [string, JsonSource][] = [
  ['__proto__', new JsonSource('{"__proto__": {"admin": true}}')],
  ['a constructor', new JsonSource('{"constructor": {"prototype": {"admin": true}}}')],
  ['a NUL in a name', new JsonSource('{"a\\u0000": 1}')],
  ['a NUL in a value', new JsonSource('{"a": ["\\u0000"]}')],
  ['a deep value', new JsonSource(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)],
]

/** The body with each of its fields wrong in each way that its schema forbids: the document is the oracle. */
export function badValues(schemas: Schemas, schema: Schema, body: unknown): BadValue[] {
  const given = fieldsOf(schemas, schema, '').filter(({ property }) => !property['readOnly'])
  return given.flatMap(({ field, property }) => {
    const candidates: [string, unknown][] = [
      ...[...wrongTypes, ...beyondLimits(schemas.resolve(property))].filter(
        ([, value]) => !schemas.fits(property, value),
      ),
      ...hostile(schemas.resolve(property)),
    ]
    return candidates.map(([name, value]) => ({ field, name, body: written(replaced(body, field.split('.'), value)) }))
  })
}

/** Every field of a body and of the objects in it. */
export function fieldsOf(schemas: Schemas, schema: Schema, at: string): { field: string; property: Schema }[] {
  const properties = (schemas.resolve(schema)['properties'] ?? {}) as Record<string, Schema>
  return Object.entries(properties).flatMap(([name, property]) => {
    const items = schemas.resolve(property)['items'] as Schema | undefined
    const inner = items ? fieldsOf(schemas, items, `${at}${name}.0.`) : fieldsOf(schemas, property, `${at}${name}.`)
    return [{ field: at + name, property }, ...inner]
  })
}

function beyondLimits(schema: Schema): [string, unknown][] {
  const { maxLength, maximum, maxItems, uniqueItems, enum: values, items } = schema
  const item = (items as Schema | undefined)?.['enum']?.[0] as unknown
  return [
    ...(maxLength === undefined
      ? []
      : [['a text that is too long', 'x'.repeat((maxLength as number) + 1)] as [string, unknown]]),
    ...(maximum === undefined ? [] : [['a number that is too large', (maximum as number) + 1] as [string, unknown]]),
    ...(maxItems === undefined || maxItems > 20_000
      ? []
      : [['a list that is too long', Array.from({ length: maxItems + 1 }, () => 'x')] as [string, unknown]]),
    ...(uniqueItems ? [['a list with the same twice', [item, item]] as [string, unknown]] : []),
    ...(values ? [['another case', String(values[0]).toUpperCase()] as [string, unknown]] : []),
  ]
}

function hostile(schema: Schema): [string, unknown][] {
  const types = typesOf(schema)
  if (types.includes('string')) return hostileTexts
  if (types.includes('integer') || types.includes('number')) return hostileNumbers
  return types.includes('object') ? hostileObjects : []
}

/** A copy of the body with another value at the path; objects on the way to it are made. */
function replaced(node: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path
  if (name === undefined) return value
  const below = (node as Record<string, unknown> | undefined)?.[name]
  if (name === '0') return [replaced(below, rest, value)]
  return { ...(node as object), [name]: replaced(below, rest, value) }
}

export function written(value: unknown): string {
  if (value instanceof JsonSource) return value.source
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${written(each)}`)
    .join(',')}}`
}
