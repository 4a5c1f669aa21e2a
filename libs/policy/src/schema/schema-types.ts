import type { CedarValue, SchemaDocument } from '../engine/cedar.ts'
import { limits } from '../engine/limits.ts'
import { extensionValue } from './extension-values.ts'

/** A type of a schema, in Cedar's JSON. */
type Type = Readonly<Record<string, unknown>>

const deepest = 16

/** The types of a schema, by which values from elsewhere become Cedar's. */
export class SchemaTypes {
  readonly #schema: SchemaDocument

  /** @param schema with its types resolved: each name is whole, and says whether it is an entity's. */
  constructor(schema: SchemaDocument) {
    this.#schema = schema
  }

  /** The attributes that an entity type declares. */
  attributesOf(entityType: string): Readonly<Record<string, Type>> {
    const { namespace, name } = split(entityType)
    const declared = own(this.#schema[namespace]?.entityTypes, name)
    return declared && 'shape' in declared ? this.#attributes(declared.shape as Type | undefined) : {}
  }

  /** The attributes of an action's context; null for an action that the schema does not know. */
  contextOf(actionType: string, id: string): Readonly<Record<string, Type>> | null {
    const namespace = actionType.replace(/(?:^|::)Action$/, '')
    const action = own(this.#schema[namespace]?.actions, id)
    return action ? this.#attributes(action.appliesTo?.context as Type | undefined) : null
  }

  /** The values that fit what is declared, and are no longer than a live question takes; whatever does not is left out. */
  fitting(
    values: Readonly<Record<string, unknown>>,
    declared: Readonly<Record<string, Type>>,
  ): Record<string, CedarValue> {
    return Object.fromEntries(
      Object.entries(declared).flatMap(([name, type]) => {
        const value = Object.hasOwn(values, name) ? this.read(values[name], type) : undefined
        return value === undefined || isLong(value) ? [] : [[name, value]]
      }),
    )
  }

  /** The value as the type wants it, or undefined. Extension types are read from their text, entities from `{type, id}` or an id. */
  read(value: unknown, type: Type, depth = 0): CedarValue | undefined {
    if (depth > deepest || value === null || value === undefined) return undefined
    const basic = basicName(type)
    if (basic === 'String') return typeof value === 'string' ? value : undefined
    if (basic === 'Long') return Number.isSafeInteger(value) ? (value as number) : undefined
    if (basic === 'Bool' || basic === 'Boolean') return typeof value === 'boolean' ? value : undefined
    if (basic === 'Extension') return extensionValue(value, String(type['name']))
    if (basic === 'Entity') return entity(value, String(type['name']))
    if (basic === 'Set') return this.#set(value, type['element'] as Type, depth)
    if (basic === 'Record') return this.#record(value, type, depth)
    const common = this.#common(type)
    return common ? this.read(value, common, depth + 1) : extensionValue(value, basic)
  }

  /** The type in Cedar's words, as far as a sentence takes it. */
  describe(type: Type, depth = 0): string {
    const basic = basicName(type)
    if (basic === 'Entity' || basic === 'Extension') return String(type['name'])
    if (basic === 'Set') return `Set<${this.describe(type['element'] as Type, depth)}>`
    if (basic !== 'Record') {
      const common = this.#common(type)
      return common && depth < deepest ? this.describe(common, depth + 1) : basic
    }
    if (depth === deepest) return 'a record'
    const fields = Object.entries((type['attributes'] ?? {}) as Record<string, Type>)
    const said = fields.map(
      ([name, each]) => `${name}${each['required'] === false ? '?' : ''}: ${this.describe(each, depth + 1)}`,
    )
    return said.length === 0 ? '{}' : `{ ${said.join(', ')} }`
  }

  #set(value: unknown, element: Type, depth: number): CedarValue | undefined {
    if (!Array.isArray(value)) return undefined
    const read = value.map((each) => this.read(each, element, depth + 1))
    return read.every((each) => each !== undefined) ? read : undefined
  }

  #record(value: unknown, type: Type, depth: number): CedarValue | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const declared = Object.entries((type['attributes'] ?? {}) as Record<string, Type>)
    const read = declared.map(([name, each]) => {
      const given = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
      return { name, given, required: each['required'] !== false, value: this.read(given, each, depth + 1) }
    })
    if (read.some((each) => each.value === undefined && (each.required || each.given !== undefined))) return undefined
    return Object.fromEntries(read.flatMap((each) => (each.value === undefined ? [] : [[each.name, each.value]])))
  }

  #attributes(type: Type | undefined): Readonly<Record<string, Type>> {
    if (!type) return {}
    if (typeof type['attributes'] === 'object') return type['attributes'] as Record<string, Type>
    const common = this.#common(type)
    return common ? this.#attributes(common) : {}
  }

  #common(type: Type): Type | undefined {
    const { namespace, name } = split(String(type['type']))
    return own(this.#schema[namespace]?.commonTypes, name) as Type | undefined
  }
}

function isLong(value: unknown): boolean {
  if (typeof value === 'string') return value.length > limits.liveString
  return typeof value === 'object' && value !== null && Object.values(value).some(isLong)
}

function basicName(type: Type): string {
  return String(type['type']).replace(/^__cedar::/, '')
}

function entity(value: unknown, type: string): CedarValue | undefined {
  if (typeof value === 'string') return { __entity: { type, id: value } }
  if (!isObject(value)) return undefined
  const given = '__entity' in value && isObject(value.__entity) ? value.__entity : value
  return 'type' in given && 'id' in given && given.type === type && typeof given.id === 'string'
    ? { __entity: { type, id: given.id } }
    : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function split(type: string): { namespace: string; name: string } {
  const at = type.lastIndexOf('::')
  return at < 0 ? { namespace: '', name: type } : { namespace: type.slice(0, at), name: type.slice(at + 2) }
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined
}
