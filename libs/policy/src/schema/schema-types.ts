import type { CedarValue, SchemaDocument } from '../engine/cedar.ts'
import { extensionValue, isExtension } from './extension-values.ts'

/** A type of a schema, in Cedar's JSON. */
type Type = Readonly<Record<string, unknown>>

const deepest = 16

/** The types of a schema, by which values from elsewhere become Cedar's. */
export class SchemaTypes {
  readonly #schema: SchemaDocument

  constructor(schema: SchemaDocument) {
    this.#schema = schema
  }

  /** The attributes that an entity type declares. */
  attributesOf(entityType: string): Readonly<Record<string, Type>> {
    const { namespace, name } = split(entityType)
    const declared = own(this.#schema[namespace]?.entityTypes, name)
    return declared && 'shape' in declared ? this.#attributes(declared.shape as Type | undefined, namespace) : {}
  }

  /** The attributes of an action's context; null for an action that the schema does not know. */
  contextOf(actionType: string, id: string): Readonly<Record<string, Type>> | null {
    const namespace = actionType.replace(/(?:^|::)Action$/, '')
    const action = own(this.#schema[namespace]?.actions, id)
    return action ? this.#attributes(action.appliesTo?.context as Type | undefined, namespace) : null
  }

  /** The values that fit what is declared; whatever does not is left out. */
  fitting(
    values: Readonly<Record<string, unknown>>,
    declared: Readonly<Record<string, Type>>,
  ): Record<string, CedarValue> {
    return Object.fromEntries(
      Object.entries(declared).flatMap(([name, type]) => {
        const value = Object.hasOwn(values, name) ? this.read(values[name], type) : undefined
        return value === undefined ? [] : [[name, value]]
      }),
    )
  }

  /** The value as the type wants it, or undefined. Extension types are read from their text, entities from `{type, id}` or an id. */
  read(value: unknown, type: Type, namespace = '', depth = 0): CedarValue | undefined {
    if (depth > deepest || value === null || value === undefined) return undefined
    const name = String(type['type'] === 'EntityOrCommon' ? type['name'] : type['type'])
    const basic = name.replace(/^__cedar::/, '')
    if (basic === 'String') return typeof value === 'string' ? value : undefined
    if (basic === 'Long') return Number.isSafeInteger(value) ? (value as number) : undefined
    if (basic === 'Bool' || basic === 'Boolean') return typeof value === 'boolean' ? value : undefined
    if (basic === 'Extension') return extensionValue(value, String(type['name']))
    if (basic === 'Entity') return entity(value, String(type['name']))
    if (basic === 'Set') return this.#set(value, type['element'] as Type, namespace, depth)
    if (basic === 'Record') return this.#record(value, type, namespace, depth)
    const common = own(this.#schema[namespace]?.commonTypes, name) ?? own(this.#schema['']?.commonTypes, name)
    if (common) return this.read(value, common as Type, namespace, depth + 1)
    if (isExtension(basic)) return extensionValue(value, basic)
    return entity(value, this.#entityName(name, namespace))
  }

  #set(value: unknown, element: Type, namespace: string, depth: number): CedarValue | undefined {
    if (!Array.isArray(value)) return undefined
    const read = value.map((each) => this.read(each, element, namespace, depth + 1))
    return read.every((each) => each !== undefined) ? read : undefined
  }

  #record(value: unknown, type: Type, namespace: string, depth: number): CedarValue | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const declared = Object.entries((type['attributes'] ?? {}) as Record<string, Type>)
    const read = declared.map(([name, each]) => {
      const given = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
      return { name, given, required: each['required'] !== false, value: this.read(given, each, namespace, depth + 1) }
    })
    if (read.some((each) => each.value === undefined && (each.required || each.given !== undefined))) return undefined
    return Object.fromEntries(read.flatMap((each) => (each.value === undefined ? [] : [[each.name, each.value]])))
  }

  #attributes(type: Type | undefined, namespace: string): Readonly<Record<string, Type>> {
    if (!type) return {}
    if (typeof type['attributes'] === 'object') return type['attributes'] as Record<string, Type>
    const name = String(type['type'] === 'EntityOrCommon' ? type['name'] : type['type'])
    const common = own(this.#schema[namespace]?.commonTypes, name) ?? own(this.#schema['']?.commonTypes, name)
    return common ? this.#attributes(common as Type, namespace) : {}
  }

  #entityName(name: string, namespace: string): string {
    const near = namespace !== '' && own(this.#schema[namespace]?.entityTypes, name) !== undefined
    return near ? `${namespace}::${name}` : name
  }
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
