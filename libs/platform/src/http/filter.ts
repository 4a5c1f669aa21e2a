import type { Type } from '@nestjs/common'
import {
  describeFilter, describeSort, limits, readFilter, readSort, type BoundFilter, type BoundSort, type FieldTable, type Language, type SortStyle,
} from '#filter' // prettier-ignore
import { AnyText } from './fields.ts'
import { readBy } from './filter-texts.ts'
import { PageQuery } from './pages.ts'

interface FilterOptions {
  readonly language?: Language
  readonly example?: string
  /** A dialect whose clients send the parameter without a value. */
  readonly emptyIsNone?: boolean
}

interface SortOptions {
  readonly style?: SortStyle
  readonly emptyIsNone?: boolean
}

/**
 * A filter in a list's query, or in a body that selects: text on the wire, bound when the handler gets it. What the table allows stands in the
 * documentation. The property is named as the parameter is.
 */
export function Filter(
  table: FieldTable,
  { language = 'scim', emptyIsNone = false, example }: FilterOptions = {},
): PropertyDecorator {
  const description = describeFilter(table, language)
  return readBy(
    AnyText({ description, optional: true, max: limits.length, example }),
    (text, parameter) => readFilter(text, table, language, parameter),
    emptyIsNone,
  )
}

/** An order in a list's query, likewise. */
export function Sort(
  table: FieldTable,
  { style = 'signed', emptyIsNone = false }: SortOptions = {},
): PropertyDecorator {
  const description = describeSort(table, style)
  const example = style === 'signed' ? `-${table.sortable[0]}` : `${table.sortable[0]} desc`
  return readBy(
    AnyText({ description, optional: true, max: limits.sortLength, example }),
    (text, parameter) => readSort(text, table, style, parameter),
    emptyIsNone,
  )
}

export interface ListQuery extends PageQuery {
  filter?: BoundFilter
  sort?: BoundSort
}

/** The query of a native list that can be filtered and sorted: `class GrantQuery extends listQuery(grantFilter) {}`. */
export function listQuery(table: FieldTable): Type<ListQuery> {
  class QueryOfList extends PageQuery implements ListQuery {
    @Filter(table, { example: 'created_at ge "2026-01-01T00:00:00Z"' })
    filter?: BoundFilter

    @Sort(table)
    sort?: BoundSort
  }
  return QueryOfList
}
