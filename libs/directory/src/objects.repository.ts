import { isDeepStrictEqual } from 'node:util'
import {
  Database,
  join,
  oldestFirst,
  Prisma,
  raw,
  readAll,
  readOffsetPage,
  readOne,
  readPage,
  sql,
  type Fragment,
  type JsonText,
  type OffsetPage,
  type OffsetRequest,
  type PageRequest,
  type PageText,
  type Projection,
} from '#platform'
import { tables, type Fields, type Kind, type KindName, type Stored } from './kind.fields.ts'

type Row = Readonly<Record<string, unknown>>

/** A table as Prisma writes it. */
export interface Rows {
  create(args: { data: Row }): PromiseLike<unknown>
  updateMany(args: { where: { id: string }; data: Row }): PromiseLike<unknown>
  deleteMany(args: { where: { id: string } }): PromiseLike<unknown>
}

export interface NameHolder {
  readonly id: string
  readonly name: string
  readonly external_id: string | null
}

export type Exact = Readonly<Record<string, string | boolean | undefined>>

/** The database's side of one kind of object. */
export abstract class ObjectsRepository<F extends Fields> {
  readonly kind: Kind<F>
  protected readonly database: Database
  readonly #table: Fragment

  constructor(database: Database, kind: Kind<F>) {
    this.database = database
    this.kind = kind
    this.#table = raw(tables[kind.name])
  }

  protected abstract get rows(): Rows

  /** Newest first, unless the page asks for an order; `exact` are columns and the values they have. */
  list(exact: Exact, page: PageRequest): Promise<JsonText> {
    const conditions = Object.entries(exact)
      .filter(([, value]) => value !== undefined)
      .map(([column, value]) => sql`t.${raw(column)} = ${value}`)
    return readPage(this.database, this.kind.projection, page, conditions, exact)
  }

  listAs(view: Projection, page: PageRequest): Promise<PageText> {
    return readPage(this.database, view, page, [], null)
  }

  /**
   * The same for a client that counts: oldest first, in any view of the rows. `seenBy` is the sub-administrator who asks, or
   * null for everybody else. `binding` is as for readPage.
   */
  listByOffset(
    view: Projection,
    page: OffsetRequest,
    seenBy: string | null,
    conditions: readonly Fragment[] = [],
    binding: unknown = null,
  ): Promise<OffsetPage> {
    const all = [...this.visibleTo(seenBy), ...conditions]
    return readOffsetPage(this.database, view, page, all, binding, oldestFirst)
  }

  find<T = Stored<F>>(
    id: string,
    seenBy: string | null = null,
    view: Projection = this.kind.projection,
  ): Promise<T | null> {
    return readOne(this.database, view, [sql`t.id = ${id}::uuid`, ...this.visibleTo(seenBy)])
  }

  /** Conditions on the row `t` of what a sub-administrator sees and changes; other objects are not there for it. */
  protected visibleTo(_subAdministrator: string | null): readonly Fragment[] {
    return []
  }

  findAll(ids: readonly string[]): Promise<Stored<F>[]> {
    return readAll(this.database, this.kind.projection, [sql`t.id = any(${ids}::uuid[])`])
  }

  /** The object as it is once nobody else changes it any more, until the transaction ends. */
  async lock(id: string, seenBy: string | null = null): Promise<Stored<F> | null> {
    await this.#lock(sql`t.id = ${id}::uuid`)
    return this.find(id, seenBy)
  }

  /** The same for all objects with one of these external ids. */
  async lockNamed(externalIds: readonly string[]): Promise<Stored<F>[]> {
    const named = sql`t.external_id = any(${externalIds}::text[])`
    await this.#lock(named)
    return readAll(this.database, this.kind.projection, [named])
  }

  async #lock(condition: Fragment): Promise<void> {
    await this.database.query(
      sql`select 1 as locked from ${this.#table} t where ${condition} order by t.id for no key update`.toStatement(),
    )
  }

  async insert(id: string, fields: F): Promise<void> {
    await this.rows.create({ data: { id, ...this.#row(fields) } })
  }

  /** Sets what differs and nothing else: to set the external id, even to what it is, waits for all who refer to the row. */
  async update(id: string, before: F, after: F): Promise<void> {
    const old = this.#row(before)
    const changed = Object.entries(this.#row(after)).filter(([name, value]) => !isDeepStrictEqual(old[name], value))
    await this.rows.updateMany({ where: { id }, data: Object.fromEntries(changed) })
  }

  async remove(id: string): Promise<void> {
    await this.rows.deleteMany({ where: { id } })
  }

  /** Prisma wants to be told that a JSON column's null is SQL's. */
  #row(fields: F): Row {
    const row = Object.entries(this.kind.row(fields))
    return Object.fromEntries(
      row.map(([name, value]) => [name, value === null && this.kind.columns[name] === 'jsonb' ? Prisma.DbNull : value]),
    )
  }

  async insertAll(objects: readonly (F & { id: string })[]): Promise<void> {
    const names = this.#names().map((name) => raw(name))
    await this.database.query(
      sql`insert into ${this.#table} (id, ${join(names, ', ')})
        select r.id, ${join(
          names.map((name) => sql`r.${name}`),
          ', ',
        )} from ${this.#recordset(objects)}`.toStatement(),
    )
  }

  /** All but the external ids, by which an import has found the objects. */
  async updateAll(objects: readonly (F & { id: string })[]): Promise<void> {
    const names = this.#names()
      .filter((name) => name !== 'external_id')
      .map((name) => raw(name))
    await this.database.query(
      sql`update ${this.#table} t set ${join(
        names.map((name) => sql`${name} = r.${name}`),
        ', ',
      )}
        from ${this.#recordset(objects)} where t.id = r.id`.toStatement(),
    )
  }

  #names(): string[] {
    return Object.keys(this.kind.columns)
  }

  #recordset(objects: readonly (F & { id: string })[]): Fragment {
    const types = Object.entries(this.kind.columns).map(([name, type]) => raw(`${name} ${type}`))
    const rows = objects.map((object) => ({ ...this.kind.row(object), id: object.id }))
    return sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(id uuid, ${join(types, ', ')})`
  }

  /** Who has these names, of a kind whose names are unique. */
  named(names: readonly string[]): Promise<NameHolder[]> {
    return this.database.query(
      sql`select t.id::text as id, t.name, t.external_id from ${this.#table} t where t.name = any(${names}::text[])`.toStatement(),
    )
  }

  /** Takes the names from these objects, which are about to be given other ones: two of them may change places. */
  async unname(ids: readonly string[]): Promise<void> {
    await this.database.query(
      sql`update ${this.#table} t set name = chr(1) || t.id where t.id = any(${ids}::uuid[])`.toStatement(),
    )
  }

  /** Those of the ids that no object of another kind has. The others are not deleted before the transaction ends. */
  async absent(kind: KindName, ids: readonly string[]): Promise<string[]> {
    const held = await this.database.query<{ id: string }>(
      sql`select t.id::text as id from ${raw(tables[kind])} t where t.id = any(${ids}::uuid[])
        order by t.id for key share`.toStatement(),
    )
    const found = new Set(held.map(({ id }) => id))
    return ids.filter((id) => !found.has(id))
  }

  /** Whether an object of another kind exists; if so it is not deleted before the transaction ends. */
  async hold(kind: KindName, id: string): Promise<boolean> {
    const rows = await this.database.query(
      sql`select 1 as held from ${raw(tables[kind])} t where t.id = ${id}::uuid for key share`.toStatement(),
    )
    return rows.length > 0
  }
}
