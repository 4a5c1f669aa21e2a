import type { Type } from '@nestjs/common'
import { ApiProperty } from '@nestjs/swagger'
import type { BoundFilter, BoundSort, FieldTable } from '#filter'
import { Filter, JsonText, QueryWhole, Sort, Text, type PageRequest, type PageText } from '#platform'

/** The largest page, and the one that comes without `page_size`. More is refused, never cut down. */
export const largestPage = 100

/** The query of a page without filter and order. */
export class PageOfValuesQuery {
  @QueryWhole({ description: 'How many items at most', min: 1, max: largestPage, example: largestPage })
  page_size: number = largestPage

  @Text({
    description: 'The `next_page_token` of the page before; left out or empty for the first page',
    optional: true,
    min: 0,
    max: 4096,
  })
  page_token?: string
}

export interface VezaQuery extends PageOfValuesQuery {
  filter?: BoundFilter
  order_by?: BoundSort
}

/** The query of a list with its table of fields: a SCIM filter, an order as AIP-132 writes it. */
export function vezaQuery(table: FieldTable): Type<VezaQuery> {
  class QueryOfValues extends PageOfValuesQuery implements VezaQuery {
    @Filter(table, { language: 'scim', emptyIsNone: true })
    filter?: BoundFilter

    @Sort(table, { style: 'worded', emptyIsNone: true })
    order_by?: BoundSort
  }
  return QueryOfValues
}

export function page({ page_size, page_token, filter, order_by }: VezaQuery): PageRequest {
  return { limit: page_size, cursor: page_token === '' ? undefined : page_token, filter, sort: order_by }
}

/** A list as Veza writes it: `has_more` decides, and the last page has an empty token. */
export async function values(text: Promise<PageText>, more = ''): Promise<JsonText> {
  const { rows, next } = await text
  const head = `{"has_more":${next !== null},"next_page_token":${JSON.stringify(next ?? '')},"values":[`
  return new JsonText([head, rows, `]${more}}`])
}

export interface Value<T> {
  readonly value: T
}

export async function value<T>(object: Promise<T>): Promise<Value<T>> {
  return { value: await object }
}

/** `{}` */
export class Empty {}

export async function empty(work: Promise<unknown>): Promise<Empty> {
  await work
  return {}
}

/** The answer's class of one object. */
export function valueOf<T extends object>(item: Type<T>): Type<Value<T>> {
  class ValueOfObject {
    @ApiProperty({ type: item })
    value!: T
  }
  return ValueOfObject
}

export interface Values<T> {
  readonly values: T[]
  readonly next_page_token: string
  readonly has_more: boolean
}

/** The answer's class of a list. */
export function valuesOf<T extends object>(item: Type<T>): Type<Values<T>> {
  class ValuesOfObjects {
    @ApiProperty({ type: [item] })
    values!: T[]

    @ApiProperty({ type: String, description: 'The token of the next page; empty on the last one' })
    next_page_token!: string

    @ApiProperty({ type: Boolean, description: 'Whether there are more pages: this decides, not the token' })
    has_more!: boolean
  }
  return ValuesOfObjects
}
