import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Document, Schema } from './operations.ts'

/** Checks values against the schemas of the document. */
export class Schemas {
  readonly #document: Document
  readonly #ajv: Ajv2020
  readonly #compiled = new Map<string, ValidateFunction>()

  /** `closed`: a field that a schema does not name is an error, as for what the server answers. */
  constructor(document: Document, { closed }: { closed: boolean }) {
    this.#document = document
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
    addFormats.default(this.#ajv)
    // A hint for editors; only Cedar can tell.
    this.#ajv.addFormat('cedar', true)
    const components = { schemas: closed ? close(document.components.schemas) : document.components.schemas }
    this.#ajv.addSchema({ $id: 'document', components })
  }

  /** What is wrong with the value, or null. */
  problem(schema: Schema, value: unknown): string | null {
    const key = JSON.stringify(schema)
    let validate = this.#compiled.get(key)
    if (!validate) {
      validate = this.#ajv.compile(JSON.parse(key.replaceAll('"#/components/', '"document#/components/')) as Schema)
      this.#compiled.set(key, validate)
    }
    return validate(value) ? null : this.#ajv.errorsText(validate.errors, { dataVar: 'value' })
  }

  fits(schema: Schema, value: unknown): boolean {
    return this.problem(schema, value) === null
  }

  /** The schema itself where it is a reference; of what may be null, the part that is not. */
  resolve(schema: Schema): Schema {
    if (typeof schema['$ref'] === 'string') {
      const name = schema['$ref'].split('/').at(-1) ?? ''
      const target = this.#document.components.schemas[name]
      if (!target) throw new Error(`The document refers to ${schema['$ref']}, which it does not hold`)
      return this.resolve(target)
    }
    const inner = ((schema['anyOf'] ?? schema['allOf'] ?? []) as Schema[]).find(({ type }) => type !== 'null')
    return inner ? this.resolve(inner) : schema
  }
}

export function typesOf(schema: Schema): string[] {
  return [schema['type']].flat() as string[]
}

/** Objects that name their fields have no others. */
function close<T>(node: T): T {
  if (Array.isArray(node)) return node.map(close) as T
  if (typeof node !== 'object' || node === null) return node
  const closed = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, close(value) as unknown]))
  const open = !('properties' in closed) || 'additionalProperties' in closed
  return (open ? closed : { ...closed, additionalProperties: false }) as T
}
