import { flag, instant, text, texts } from '#filter'
import { raw } from '#platform'

/*
 * Fields that have one value for every row: this API has them, Castellan does not. They are filtered and sorted by as the
 * others are. The casts keep PostgreSQL from taking a constant in an order for the place of a column.
 */
export const alwaysEmpty = text(raw(`''::text`), { caseExact: true, sortable: true })
export const alwaysFalse = flag(raw('false::boolean'), { sortable: true })
export const alwaysNull = instant(raw('null::timestamptz'), { nullable: true, sortable: true })
export const alwaysNone = texts(raw(`'{}'::text[]`), { rule: 'membership' })
