import type { Field } from './fields.ts'

export interface FoundField {
  readonly name: string
  readonly field: Field
  /** Of a JsonField its member, of a ManyField its sub-attribute. */
  readonly member?: string
}

/** The fields of one list, prepared for look-up. */
export class FieldTable {
  readonly fields: ReadonlyMap<string, Field>
  readonly #lower: ReadonlyMap<string, string>
  readonly #schemas: ReadonlySet<string>
  /** Whether a filter may say `not`; some lists of dialects only know `and` and `or`. */
  readonly negation: boolean

  /** `schemas`: the URNs that may stand before each name. A field of another schema is named with its URN. */
  constructor(
    fields: Readonly<Record<string, Field>>,
    { schemas = [], negation = true }: { schemas?: readonly string[]; negation?: boolean } = {},
  ) {
    this.negation = negation
    this.fields = new Map(Object.entries(fields))
    this.#lower = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]))
    this.#schemas = new Set(schemas.map((schema) => schema.toLowerCase()))
  }

  /** The names as a filter writes them. */
  get written(): string[] {
    return [...this.fields].flatMap(([name, field]) => {
      if (field.kind === 'json') return [`${name}.<member>`]
      if (field.kind === 'scalar') return [name]
      return [name, ...Object.keys(field.fields).map((member) => `${name}.${member}`)]
    })
  }

  get sortable(): string[] {
    return [...this.fields].flatMap(([name, field]) => (field.kind === 'scalar' && field.sortable ? [name] : []))
  }

  /** What a path names; `anyCase`: in any case, but for the members of an object of free form. */
  find({ urn, name }: { urn: string | null; name: string }, { anyCase }: { anyCase: boolean }): FoundField | null {
    if (urn === null) return this.#find(name, anyCase)
    return (
      this.#find(`${urn}:${name}`, anyCase) ?? (this.#schemas.has(urn.toLowerCase()) ? this.#find(name, anyCase) : null)
    )
  }

  #find(name: string, anyCase: boolean): FoundField | null {
    const whole = this.#named(name, anyCase)
    if (whole) return whole.field.kind === 'json' ? null : whole
    const dot = name.lastIndexOf('.')
    const parent = dot < 0 ? null : this.#named(name.slice(0, dot), anyCase)
    if (!parent || parent.field.kind === 'scalar') return null
    const member = name.slice(dot + 1)
    return { ...parent, member: parent.field.kind === 'json' ? member : inTable(parent.field.fields, member, anyCase) }
  }

  #named(name: string, anyCase: boolean): FoundField | null {
    const exact = this.fields.get(name)
    if (exact) return { name, field: exact }
    const other = anyCase ? this.#lower.get(name.toLowerCase()) : undefined
    const field = other === undefined ? undefined : this.fields.get(other)
    return other === undefined || !field ? null : { name: other, field }
  }
}

/** A name as the fields have it, or as it is when they have none such. */
function inTable(fields: Readonly<Record<string, unknown>>, name: string, anyCase: boolean): string {
  const lower = name.toLowerCase()
  return (anyCase ? Object.keys(fields).find((each) => each.toLowerCase() === lower) : undefined) ?? name
}
