import { FieldTable, flag, id, instant, json, number, text, texts, uuids, type Field } from '#filter'
import { column, columns, time, type Projection } from '#platform'

/** The tables of the directory, by what one row of them is called in audit entries, error texts and import lines. */
export const tables = {
  identity: 'identities',
  group: 'groups',
  source: 'sources',
  entitlement: 'entitlements',
  segment: 'segments',
} as const

export type KindName = keyof typeof tables

/** What every object carries beside its own fields. */
export interface Header {
  readonly id: string
  readonly version: number
  readonly created_at: string
  readonly updated_at: string
}

/** Every object of the directory can bear the name that it has in another system. */
export interface Fields {
  readonly name: string
  readonly external_id: string | null
}

export type Stored<F extends Fields> = F & Header

/** One kind of object: how it is checked, stored and read. Routes and imports both go through it. */
export interface Kind<F extends Fields> {
  readonly name: KindName
  /** The columns that are written, with their types in SQL. */
  readonly columns: Readonly<Record<string, 'text' | 'text[]' | 'uuid' | 'uuid[]' | 'boolean' | 'jsonb'>>
  /** The columns of an object; by default its fields under their own names. */
  readonly row: (fields: F) => object
  readonly projection: Projection
  /** What a list can be filtered and sorted by. */
  readonly filter: FieldTable
  /** What the fields of a new object are that were not given; what stands here may be left out. */
  readonly defaults: Partial<F>
  /** Fields with the id of another object. */
  readonly references: Readonly<Partial<Record<keyof F & string, KindName>>>
  /** Whether no two objects of a tenant have the same name. */
  readonly uniqueNames: boolean
  /** Rules between fields. @throws DomainError `invalid_body` */
  readonly check: (fields: F) => void
}

type Columns = Kind<Fields>['columns']

type KindParts<F extends Fields> = Pick<Kind<F>, 'name' | 'columns' | 'defaults' | 'references'> &
  Partial<Pick<Kind<F>, 'row' | 'check' | 'uniqueNames'>> & {
    readonly fields?: Projection['fields']
    /** What a list can be filtered by otherwise than its columns say; null: not at all. */
    readonly filter?: Readonly<Record<string, Field | null>>
  }

export function kind<F extends Fields>(given: KindParts<F>): Kind<F> {
  const { row, check, fields, filter = {}, uniqueNames = false, ...parts } = given
  const times = { created_at: time('created_at'), updated_at: time('updated_at') }
  const own = fields ?? columns(...Object.keys(parts.columns))
  return {
    ...parts,
    row: row ?? ((object) => object),
    check: check ?? (() => undefined),
    uniqueNames,
    filter: filterOf({ ...columnFields(parts.columns), ...filter }),
    projection: { table: tables[parts.name], fields: { ...columns('id'), ...own, ...columns('version'), ...times } },
  }
}

/** Texts are compared without regard to case, but for the ids of other systems. */
function columnFields(types: Columns): Record<string, Field | null> {
  const made = Object.entries(types).map(([name, type]) => [name, columnField(name, type)])
  return {
    id: id(column('id')),
    ...(Object.fromEntries(made) as Record<string, Field | null>),
    name: text(column('name'), { key: column('name_key'), sortable: true }),
    external_id: text(column('external_id'), { caseExact: true, nullable: true }),
    version: number(column('version')),
    created_at: instant(column('created_at'), { sortable: true }),
    updated_at: instant(column('updated_at'), { sortable: true }),
  }
}

function columnField(name: string, type: Columns[string]): Field | null {
  switch (type) {
    case 'text':
      return text(column(name), { nullable: true })
    case 'uuid':
      return id(column(name), { nullable: true })
    case 'boolean':
      return flag(column(name))
    case 'text[]':
      return texts(column(name))
    case 'uuid[]':
      return uuids(column(name))
    case 'jsonb':
      return name === 'attributes' ? json(column(name)) : null
  }
}

function filterOf(fields: Readonly<Record<string, Field | null>>): FieldTable {
  return new FieldTable(
    Object.fromEntries(Object.entries(fields).flatMap(([name, field]) => (field ? [[name, field]] : []))),
  )
}
