import { bind } from './bind.ts'
import { BoundFilter } from './bound.ts'
import type { FieldTable } from './field-table.ts'
import type { Language } from './operators.ts'
import { parseSailpoint } from './sailpoint.ts'
import { parseScim } from './scim.ts'

const parsers = { scim: parseScim, sailpoint: parseSailpoint } as const satisfies Record<Language, typeof parseScim>

/**
 * Parses a filter and binds it to the fields of a list. Names of fields ignore case in `scim`.
 * @param parameter the name of the query's parameter, for the refusal
 * @throws DomainError `invalid_filter` with details `{parameter, offset, reason, expected}`; `offset` counts UTF-16 units
 *   of the decoded text from 0; `reason` is syntax, unknown_field, unsupported_operator, invalid_value, too_long, too_deep
 *   or too_many_terms
 */
export function readFilter(text: string, table: FieldTable, language: Language, parameter = 'filter'): BoundFilter {
  return new BoundFilter(text, bind(parsers[language](text, parameter), { table, language, parameter }))
}
