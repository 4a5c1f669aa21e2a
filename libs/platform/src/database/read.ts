import type { BoundFilter, BoundSort } from '#filter'
import { decodeCursor, encodeCursor, invalidCursor, maximumLimit, type CursorKeys } from '#kernel'
import { currentContext } from '../tenancy/context.ts'
import type { Database } from './database.ts'
import { objectText, type Projection } from './projection.ts'
import { all, join, raw, sql, type Fragment } from './sql.ts'

export interface OrderKey {
  readonly expression: Fragment
  readonly type: 'timestamptz' | 'uuid' | 'text' | 'bigint'
}

/** All keys run in one direction; the last one is unique. */
export interface Order {
  readonly keys: readonly OrderKey[]
  readonly descending: boolean
}

export const newestFirst: Order = {
  keys: [
    { expression: raw('t.created_at'), type: 'timestamptz' },
    { expression: raw('t.id'), type: 'uuid' },
  ],
  descending: true,
}

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
  /** Beside the conditions; the cursor is bound to it. */
  readonly filter?: BoundFilter | undefined
  /** Instead of the list's own order; the cursor is bound to it. */
  readonly sort?: BoundSort | undefined
}

/** A page by its place: `offset` rows are skipped, or those up to the cursor. `count` asks for the total. */
export interface OffsetRequest extends PageRequest {
  readonly offset: number
  readonly count: boolean
}

export interface OffsetPage {
  /** A bare JSON array. */
  readonly rows: JsonText
  /** How many rows the conditions and the filter name, at the same moment; when asked for. */
  readonly total?: number
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null
}

/** Text that is JSON already and goes out as it is, with headers of its own. */
export class JsonText {
  readonly text: string
  readonly headers: Readonly<Record<string, string>>

  constructor(text: string, headers: Readonly<Record<string, string>> = {}) {
    this.text = text
    this.headers = headers
  }

  toJSON(): unknown {
    return JSON.parse(this.text)
  }
}

/** A page of a list, in our own envelope; a dialect writes its own around the rows. */
export class PageText extends JsonText {
  /** The items, with commas between them. */
  readonly rows: string
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null

  constructor(rows: string, next: string | null) {
    super(`{"data":[${rows}],"next_cursor":${JSON.stringify(next)},"has_more":${next !== null}}`)
    this.rows = rows
    this.next = next
  }
}

/**
 * One page of a list: `{"data": […], "next_cursor": …, "has_more": …}`. Keyset: no row is skipped or repeated while rows
 * are written. `binding` is what the cursor is good for beside the tenant and the table: the filters, as given.
 */
export async function readPage(
  database: Database,
  projection: Projection,
  page: PageRequest,
  conditions: readonly Fragment[],
  binding: unknown,
  order: Order = newestFirst,
): Promise<PageText> {
  const bound = [currentContext()?.tenantId ?? null, projection.table, binding]
  const { rows, keys, more } = await readRows(database, projection, page, conditions, bound, order)
  return new PageText(rows, more ? encodeCursor(bound, keys) : null)
}

/** One page of a list by offset, for dialects whose clients count. `binding` is as for readPage. */
export async function readOffsetPage(
  _database: Database,
  _projection: Projection,
  _page: OffsetRequest,
  _conditions: readonly Fragment[],
  _binding: unknown,
  _order: Order = newestFirst,
): Promise<OffsetPage> {
  throw new Error('not yet')
}

async function readRows(
  database: Database,
  projection: Projection,
  { limit, cursor }: PageRequest,
  conditions: readonly Fragment[],
  bound: readonly unknown[],
  order: Order,
): Promise<{ rows: string; keys: string[]; more: boolean }> {
  const after = cursor === undefined ? [] : [behind(order, decodeCursor(bound, cursor))]
  const direction = order.descending ? 'desc' : 'asc'
  const ordering = join(
    order.keys.map(({ expression }) => sql`${expression} ${raw(direction)}`),
    ', ',
  )
  const keys = join(
    order.keys.map(({ expression }) => sql`(${expression})::text`),
    ', ',
  )
  // A constant that PostgreSQL can plan with, once for all pages: it takes a limit it does not know for a tenth of the table.
  const planned = Math.max(limit, maximumLimit) + 1
  const statement = sql`
    select string_agg(t.json, ',' order by t.n) filter (where t.n <= ${limit}::int) as rows,
      max(t.keys) filter (where t.n = ${limit}::int) as keys,
      count(*) > ${limit}::int as more
    from (
      select t.n, array[${keys}] as keys, ${objectText(projection.fields)} as json
      from (
        select t.*, row_number() over () as n
        from (
          select t.* from (
            select t.* from ${raw(projection.table)} t
            where ${all([...conditions, ...after])}
            order by ${ordering} limit ${raw(String(planned))}
          ) t limit ${limit}::int + 1
        ) t
      ) t ${projection.joins ?? raw('')}
    ) t`
  const [row] = await database.query<{ rows: string | null; keys: string[] | null; more: boolean }>(
    statement.toStatement(),
  )
  return { rows: row?.rows ?? '', keys: row?.keys ?? [], more: row?.more ?? false }
}

/** The one object that the conditions name, or null; a JsonText when the projection says so. */
export async function readOne<T>(
  database: Database,
  projection: Projection,
  conditions: readonly Fragment[],
): Promise<T | null> {
  const statement = sql`
    select ${objectText(projection.fields)} as json ${raw(projection.text ? ', t.version' : '')}
    from (select t.* from ${raw(projection.table)} t where ${all(conditions)} limit 1) t ${projection.joins ?? raw('')}`
  const [row] = await database.query<{ json: string; version?: number }>(statement.toStatement())
  if (!row) return null
  return (row.version === undefined ? JSON.parse(row.json) : new JsonText(row.json, { etag: `"${row.version}"` })) as T
}

/** Every object that the conditions name; for conditions that bound their number. */
export async function readAll<T>(
  database: Database,
  projection: Projection,
  conditions: readonly Fragment[],
): Promise<T[]> {
  const statement = sql`
    select ${objectText(projection.fields)} as json
    from (select t.* from ${raw(projection.table)} t where ${all(conditions)}) t ${projection.joins ?? raw('')}`
  const rows = await database.query<{ json: string }>(statement.toStatement())
  return rows.map((row) => JSON.parse(row.json) as T)
}

/** What a key of each type looks like as text; a cursor with another one was not made here. */
const keyForms: Record<OrderKey['type'], RegExp> = {
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  text: /^[^\0]*$/,
  bigint: /^\d{1,18}$/,
}

function behind(order: Order, keys: CursorKeys): Fragment {
  const fits =
    keys.length === order.keys.length && order.keys.every(({ type }, index) => keyForms[type].test(keys[index] ?? ''))
  if (!fits) throw invalidCursor()
  const left = join(
    order.keys.map(({ expression }) => expression),
    ', ',
  )
  const right = join(
    order.keys.map(({ type }, index) => sql`${keys[index]}::${raw(type)}`),
    ', ',
  )
  return order.descending ? sql`(${left}) < (${right})` : sql`(${left}) > (${right})`
}
