import type { BoundFilter, BoundSort } from './bound.ts'
import type { FieldTable } from './field-table.ts'
import type { Language } from './operators.ts'

/** How an order is written: `name,-created_at` (ours and SailPoint's) or `name, created_at desc` (AIP-132, Veza's). */
export type SortStyle = 'signed' | 'worded'

/**
 * Parses a filter and binds it to the fields of a list. Names of fields ignore case in `scim`.
 * @param parameter the name of the query's parameter, for the refusal
 * @throws DomainError `invalid_filter` with details `{parameter, offset, reason, expected}`; `offset` counts UTF-16 units
 *   of the decoded text from 0; `reason` is syntax, unknown_field, unsupported_operator, invalid_value, too_long, too_deep
 *   or too_many_terms
 */
export function readFilter(text: string, table: FieldTable, _language: Language, _parameter = 'filter'): BoundFilter {
  throw new Error(`not yet: ${text} ${table.names}`)
}

/** @throws DomainError `invalid_parameter` with the sortable fields */
export function readSort(text: string, table: FieldTable, _style: SortStyle, _parameter = 'sort'): BoundSort {
  throw new Error(`not yet: ${text} ${table.names}`)
}
