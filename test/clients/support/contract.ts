import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { readFileSync } from 'node:fs'

type Node = Record<string, unknown>

/** An operation as it is published: who may call it, with which scopes, and what its query takes. */
export interface PublishedOperation {
  readonly operationId: string
  readonly parameters: readonly string[]
  readonly userLevels: readonly string[]
  readonly scopes: readonly string[]
}

/**
 * The schemas of a published document (OpenAPI 3.0), closed: a member that they do not name is wrong. The files stand in
 * `test/clients/schemas`, under the licence beside them.
 */
export class Contract {
  readonly #ajv: Ajv2020
  readonly operations: readonly PublishedOperation[]
  /** The names of the members of each schema with members. */
  readonly members: ReadonlyMap<string, readonly string[]>

  constructor(file: string) {
    const document = JSON.parse(readFileSync(new URL(`../schemas/${file}`, import.meta.url), 'utf8')) as Node
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
    addFormats.default(this.#ajv)
    this.#ajv.addFormat('int32', {
      type: 'number',
      validate: (value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31,
    })
    const { schemas } = document['components'] as { schemas: Record<string, Node> }
    this.members = new Map(
      Object.entries(schemas).flatMap(([name, { properties }]) =>
        properties ? [[name, Object.keys(properties)] as const] : [],
      ),
    )
    this.operations = Object.values(document['paths'] as Record<string, Record<string, Node>>).flatMap((item) =>
      Object.values(item).flatMap(published),
    )
    this.#ajv.addSchema({ $id: 'contract', components: strict(document['components']) as Node })
  }

  /** What is wrong with a value that is to have the named schema, or null; of an array, with each of its items. */
  problem(name: string, value: unknown): string | null {
    const $ref = `contract#/components/schemas/${name}`
    const schema = Array.isArray(value) ? { type: 'array', items: { $ref } } : { $ref }
    return this.#ajv.validate(schema, value) ? null : this.#ajv.errorsText(this.#ajv.errors, { dataVar: name })
  }
}

function published(operation: Node): PublishedOperation[] {
  const { operationId, parameters = [], security = [], ...rest } = operation as unknown as Described
  if (operationId === undefined) return []
  return [
    {
      operationId,
      parameters: parameters.flatMap(({ in: place, name }) => (place === 'query' ? [name] : [])),
      userLevels: rest['x-sailpoint-userLevels'] ?? [],
      scopes: [...new Set(security.flatMap((each) => Object.values(each).flat()))],
    },
  ]
}

interface Described {
  readonly operationId?: string
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly security?: readonly Record<string, string[]>[]
  readonly 'x-sailpoint-userLevels'?: readonly string[]
}

/** As JSON Schema: what is nullable says so in its type, and objects that name their members have no others. */
function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict)
  if (typeof node !== 'object' || node === null) return node
  const { nullable, ...rest } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, strict(value)]))
  const closed = 'properties' in rest && !('additionalProperties' in rest) ? { additionalProperties: false } : {}
  if (nullable !== true) return { ...rest, ...closed }
  const values = Array.isArray(rest['enum']) && !rest['enum'].includes(null) ? { enum: [...rest['enum'], null] } : {}
  return { ...rest, ...closed, ...values, ...('type' in rest && { type: [rest['type'], 'null'].flat() }) }
}
