import type { BoundFilter, BoundSort } from '#filter'
import { maximumLimit } from '#kernel'
import { AnyQueryWhole, JsonText, QueryFlag, QueryWhole, Text, type OffsetPage, type OffsetRequest } from '#platform'
import { wrongParameter } from './refusals.ts'

const farthest = 2_147_483_647

/** What it may be depends on the list and on settings: pageRequest says so. */
const Limit = (max: number): PropertyDecorator =>
  AnyQueryWhole({
    description: 'How many items at most, which is also what comes without it; more is refused, never cut down',
    min: 0,
    max,
    example: 50,
  })

/** The standard collection parameters. A list adds its own `filters` and `sorters`, from its table of fields. */
export class CollectionQuery {
  @Limit(maximumLimit)
  limit?: unknown

  @QueryWhole({ description: 'How many items to skip', min: 0, max: farthest, example: 0 })
  offset: number = 0

  @QueryFlag({ description: 'Whether the header `X-Total-Count` tells how many items there are in all' })
  count: boolean = false

  @Text({
    description: 'The `X-Next-Cursor` of the page before, instead of an offset: no item is skipped or seen twice',
    optional: true,
    max: 8192,
  })
  cursor?: string
}

/** The longest page of lists that SailPoint keeps short: roles, and what belongs to a governance group. */
export const shortPage = 50

export class ShortCollectionQuery extends CollectionQuery {
  @Limit(shortPage)
  override limit?: unknown
}

interface Collection extends CollectionQuery {
  readonly filters?: BoundFilter
  readonly sorters?: BoundSort
}

/** @throws DomainError `invalid_parameter` for a limit that is not from 0 to `most`, and for a cursor beside an offset */
export function pageRequest(query: Collection, most: number = maximumLimit): OffsetRequest {
  const { limit = most, offset, count, cursor, filters, sorters } = query
  if (typeof limit !== 'number' || limit > most)
    throw wrongParameter('limit', `limit must be a whole number from 0 to ${most}`)
  if (cursor !== undefined && offset > 0)
    throw wrongParameter('offset', 'offset and cursor do not go together: send one of them')
  return { limit, offset, count, cursor, filter: filters, sort: sorters }
}

/** A bare array; what else there is to say of it stands in headers. */
export async function list(page: Promise<OffsetPage>): Promise<JsonText> {
  const { rows, total, next } = await page
  return new JsonText(rows.parts, {
    ...(total !== undefined && { 'x-total-count': String(total) }),
    ...(next !== null && { 'x-next-cursor': next }),
  })
}
