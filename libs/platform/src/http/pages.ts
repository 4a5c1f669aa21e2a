import type { Type } from '@nestjs/common'
import { ApiProperty } from '@nestjs/swagger'
import { defaultLimit, maximumLimit } from '#kernel'
import { QueryWhole, Text } from './fields.ts'

/** The query of every list. */
export class PageQuery {
  @QueryWhole({ description: 'How many items at most', min: 1, max: maximumLimit, default: defaultLimit })
  limit: number = defaultLimit

  @Text({
    description: 'The `next_cursor` of the page before; leave out for the first page',
    optional: true,
    max: 4096,
  })
  cursor?: string
}

export interface Page<T> {
  readonly data: T[]
  readonly next_cursor: string | null
  readonly has_more: boolean
}

/** The answer's class of a list. */
export function pageOf<T extends object>(item: Type<T>): Type<Page<T>> {
  class PageOfObjects {
    @ApiProperty({ type: [item], description: 'The items' })
    data!: T[]

    @ApiProperty({ type: String, nullable: true, description: 'The cursor of the next page; null on the last one' })
    next_cursor!: string | null

    @ApiProperty({ type: Boolean, description: 'Whether there is a next page' })
    has_more!: boolean
  }
  return PageOfObjects
}
