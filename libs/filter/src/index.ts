/*
 * The one filter language.
 *
 *   text ──parse──► tree (as written, with offsets) ──bind──► BoundFilter (fields, values) ──► toSql | matches
 *
 * A resource has a FieldTable in its *.fields.ts. A list's query class takes `filter` and `sort` from it (platform's
 * `@Filter` and `@Sort`), the service hands them on with `limit` and `cursor`, and readPage or readOffsetPage does the rest.
 */
export { BoundFilter, BoundSort } from './bound.ts'
export { FieldTable } from './field-table.ts'
export { choice, elements, flag, id, instant, json, number, text, texts, uuids } from './fields.ts'
export type { Field, ScalarField } from './fields.ts'
export type { Language, Operator } from './operators.ts'
export { limits } from './limits.ts'
export { matches } from './matches.ts'
export { orderKeys, type OrderKey } from './order.ts'
export { describeFilter, describeSort } from './describe.ts'
export { readFilter } from './read.ts'
export { readSort, type SortStyle } from './sort.ts'
export { toSql } from './sql.ts'
