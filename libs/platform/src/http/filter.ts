import type { Type } from '@nestjs/common'
import type { BoundFilter, BoundSort, FieldTable, Language, SortStyle } from '#filter'
import { PageQuery } from './pages.ts'
import { Text } from './fields.ts'

/** A filter in a list's query: text on the wire, bound when the handler gets it. */
export function Filter(_table: FieldTable, _options: { language?: Language } = {}): PropertyDecorator {
  return Text({ description: 'A filter', optional: true, max: 8192 })
}

/** An order in a list's query: text on the wire, bound when the handler gets it. */
export function Sort(_table: FieldTable, _options: { style?: SortStyle } = {}): PropertyDecorator {
  return Text({ description: 'An order', optional: true, max: 1024 })
}

export interface ListQuery extends PageQuery {
  filter?: BoundFilter
  sort?: BoundSort
}

/** The query of a native list that can be filtered and sorted: `class GrantQuery extends listQuery(grantFilter) {}`. */
export function listQuery(table: FieldTable): Type<ListQuery> {
  class QueryOfList extends PageQuery implements ListQuery {
    @Filter(table)
    filter?: BoundFilter

    @Sort(table)
    sort?: BoundSort
  }
  return QueryOfList
}
