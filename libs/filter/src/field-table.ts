import type { Field, ScalarField } from './fields.ts'

export interface SortableField {
  readonly name: string
  readonly field: ScalarField
}

/** The fields of one list, prepared for look-up. */
export class FieldTable {
  readonly fields: Readonly<Record<string, Field>>
  readonly #exact: ReadonlyMap<string, Field>
  readonly #lower: ReadonlyMap<string, string>

  constructor(fields: Readonly<Record<string, Field>>) {
    this.fields = fields
    this.#exact = new Map(Object.entries(fields))
    this.#lower = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]))
  }

  get names(): string[] {
    return [...this.#exact.keys()]
  }

  get sortable(): string[] {
    return Object.entries(this.fields).flatMap(([name, field]) =>
      field.kind === 'scalar' && field.sortable ? [name] : [],
    )
  }

  /** The field of this name, under the name that it has in the table. */
  find(name: string, { anyCase }: { anyCase: boolean }): { name: string; field: Field } | null {
    const own = this.#exact.has(name) || !anyCase ? name : (this.#lower.get(name.toLowerCase()) ?? name)
    const field = this.#exact.get(own)
    return field ? { name: own, field } : null
  }
}
