import { columns, time, type Projection } from '#platform'

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
  /** What the fields of a new object are that were not given; what stands here may be left out. */
  readonly defaults: Partial<F>
  /** Fields with the id of another object. */
  readonly references: Readonly<Partial<Record<keyof F & string, KindName>>>
  /** Whether no two objects of a tenant have the same name. */
  readonly uniqueNames: boolean
  /** Rules between fields. @throws DomainError `invalid_body` */
  readonly check: (fields: F) => void
}

type KindParts<F extends Fields> = Pick<Kind<F>, 'name' | 'columns' | 'defaults' | 'references'> &
  Partial<Pick<Kind<F>, 'row' | 'check' | 'uniqueNames'>> & { readonly fields?: Projection['fields'] }

export function kind<F extends Fields>({ row, check, fields, uniqueNames = false, ...parts }: KindParts<F>): Kind<F> {
  const times = { created_at: time('created_at'), updated_at: time('updated_at') }
  const own = fields ?? columns(...Object.keys(parts.columns))
  return {
    ...parts,
    row: row ?? ((given) => given),
    check: check ?? (() => undefined),
    uniqueNames,
    projection: { table: tables[parts.name], fields: { ...columns('id'), ...own, ...columns('version'), ...times } },
  }
}
