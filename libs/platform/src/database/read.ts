import { hash } from 'node:crypto'
import { toSql, type BoundFilter, type BoundSort } from '#filter'
import { bindingOf, decodeCursor, encodeCursor, maximumLimit, type CursorKeys } from '#kernel'
import { currentContext } from '../tenancy/context.ts'
import type { Database } from './database.ts'
import { JsonText, PageText } from './json-text.ts'
import { behind, directed, keyTexts, newestFirst, ordering, type DirectedKey, type Order } from './order.ts'
import { rowText, type Projection } from './projection.ts'
import { all, Fragment, raw, sql } from './sql.ts'

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

/**
 * One page of a list: `{"data": […], "next_cursor": …, "has_more": …}`. Keyset: no row is skipped or repeated while rows
 * are written. `binding` is what the cursor is good for beside the tenant, the table, the filter and the order: what else
 * the query asked for, as given. `order` is the list's own; its last key breaks the ties of an order that is asked for.
 */
export async function readPage(
  database: Database,
  projection: Projection,
  page: PageRequest,
  conditions: readonly Fragment[],
  binding: unknown,
  order: Order = newestFirst,
): Promise<PageText> {
  const { rows, next } = await readRows(database, projection, page, conditions, binding, order)
  return new PageText(rows, next)
}

/** One page of a list by offset, for dialects whose clients count. Everything else is as for readPage. */
export async function readOffsetPage(
  database: Database,
  projection: Projection,
  page: OffsetRequest,
  conditions: readonly Fragment[],
  binding: unknown,
  order: Order = newestFirst,
): Promise<OffsetPage> {
  const { rows, next, total } = await readRows(database, projection, page, conditions, binding, order)
  return { rows: new JsonText(['[', rows, ']']), next, ...(page.count && { total }) }
}

interface Rows {
  /** The items, with commas between them. */
  readonly rows: string
  readonly next: string | null
  /** 0 when it was not asked for. */
  readonly total: number
}

async function readRows(
  database: Database,
  projection: Projection,
  page: PageRequest & Partial<OffsetRequest>,
  conditions: readonly Fragment[],
  binding: unknown,
  order: Order,
): Promise<Rows> {
  const { table } = projection
  const { limit, cursor, filter, sort, offset, count } = page
  const bound = bindingOf([
    currentContext()?.tenantId ?? null,
    listName(projection),
    binding,
    filter?.text,
    sort?.text,
    order.descending,
  ])
  const keys = directed(order, sort)
  const named = filter ? [...conditions, filtered(filter)] : conditions
  const after = cursor === undefined ? [] : [behind(keys, decodeCursor(bound, cursor))]
  const asked: Asked = {
    limit,
    keys,
    matching: sql`from ${raw(table)} t where ${all([...named, ...after])} order by ${ordering(keys)}`,
    offset: offset ? sql`offset ${offset}::int` : raw(''),
    total: count ? sql`, (select count(*) from ${raw(table)} t where ${all(named)})::int as total` : raw(''),
  }
  const found =
    filter || sort
      ? await findThenWrite(database, projection, asked, conditions)
      : await findAndWrite(database, projection, asked)
  const next = found.more && found.keys ? encodeCursor(bound, JSON.parse(found.keys) as CursorKeys) : null
  return { rows: found.rows ?? '', next, total: found.total ?? 0 }
}

const listNames = new WeakMap<Projection, string>()

/** Two lists of one table differ in what they show. */
function listName(projection: Projection): string {
  let name = listNames.get(projection)
  if (name === undefined) {
    const shown = hash('sha1', Object.keys(projection.fields).join(' '), 'base64url')
    listNames.set(projection, (name = `${projection.table} ${shown}`))
  }
  return name
}

interface Asked {
  readonly limit: number
  readonly keys: readonly DirectedKey[]
  /** The rows from the cursor on. */
  readonly matching: Fragment
  readonly offset: Fragment
  readonly total: Fragment
}

interface Found {
  /** Of the page's last row when more follows: a JSON array of texts. */
  readonly keys: string | null
  readonly more: boolean
  readonly total?: number
}

interface Written {
  readonly rows: string | null
}

/** How often a page is looked for again of which a row went away before it was written. */
const attempts = 3

/** In one statement, of which there are as many as the program has lists: each connection keeps it prepared. */
async function findAndWrite(
  database: Database,
  projection: Projection,
  { limit, keys, matching, offset, total }: Asked,
): Promise<Found & Written> {
  // A constant that PostgreSQL can plan with, once for all pages: it takes a limit it does not know for a tenth of the table.
  const planned = Math.max(limit, maximumLimit) + 1
  const statement = sql`
    select string_agg(t.json, ',' order by t.n) filter (where t.n <= ${limit}::int) as rows,
      max(t.keys) filter (where t.n = ${limit}::int) as keys,
      count(*) > ${limit}::int as more${total}
    from (
      select t.n, ${keyTexts(keys)} as keys, ${rowText(projection)} as json
      from (
        select t.*, row_number() over () as n
        from (
          select t.* from (select t.* ${matching} limit ${raw(String(planned))} ${offset}) t limit ${limit}::int + 1
        ) t
      ) t ${projection.joins ?? raw('')}
    ) t`
  const [row] = await database.query<Found & Written>(statement.toStatement())
  return row ?? { rows: null, keys: null, more: false }
}

/**
 * In two statements. A client can make any number of texts of filters and orders, which are not kept, and so are parsed
 * and planned for each request: a small one that finds the page's rows; what is written of them is kept prepared.
 * A row that is changed between the two is shown as it then is. One that goes away makes the page be found again when more
 * follows: clients of lists by offset take a short page for the last one.
 */
async function findThenWrite(
  database: Database,
  projection: Projection,
  asked: Asked,
  conditions: readonly Fragment[],
  attempt = 1,
): Promise<Found & Written> {
  const { limit, keys, matching, offset, total } = asked
  const unique = keys.at(-1)
  if (!unique) throw new Error(`The list of ${projection.table} has no order`)
  const find = sql`
    select (array_agg(t.key))[1:${limit}::int]::text as page, (array_agg(t.keys))[${limit}::int] as keys,
      count(*) > ${limit}::int as more${total}
    from (
      select ${unique.expression} as key, ${keyTexts(keys)} as keys
      ${matching} limit ${limit}::int + 1 ${offset}
    ) t`
  const [found] = await database.query<Found & { page: string | null }>(find.toPassingStatement())
  if (!found?.page) return { rows: null, keys: null, more: false, ...found }
  const write = sql`
    select string_agg(t.json, ',' order by t.n) as rows, count(*)::int as count
    from (
      select t.n, ${rowText(projection)} as json
      from (
        select t.*, page.n
        from unnest(${found.page}::${raw(unique.type)}[]) with ordinality page (key, n)
          join ${raw(projection.table)} t on ${unique.expression} = page.key
        where ${all(conditions)}
      ) t ${projection.joins ?? raw('')}
    ) t`
  const [written] = await database.query<Written & { count: number }>(write.toStatement())
  const { rows, count } = written ?? { rows: null, count: 0 }
  if (found.more && count < limit && attempt < attempts)
    return findThenWrite(database, projection, asked, conditions, attempt + 1)
  return { rows, ...found }
}

/** The condition of a filter on the rows `t`. */
export function filtered(filter: BoundFilter): Fragment {
  const { strings, values } = toSql(filter)
  return new Fragment(strings, values)
}

/** The one object that the conditions name, or null; a JsonText when the projection says so. */
export async function readOne<T>(
  database: Database,
  projection: Projection,
  conditions: readonly Fragment[],
): Promise<T | null> {
  const statement = sql`
    select ${rowText(projection)} as json ${raw(projection.text ? ', t.version' : '')}
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
    select ${rowText(projection)} as json
    from (select t.* from ${raw(projection.table)} t where ${all(conditions)}) t ${projection.joins ?? raw('')}`
  const rows = await database.query<{ json: string }>(statement.toStatement())
  return rows.map((row) => JSON.parse(row.json) as T)
}
