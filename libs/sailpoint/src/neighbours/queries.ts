import { DomainError, parseId } from '#kernel'
import { QueryFlag, Text } from '#platform'

/** What lists of objects with segments take besides. */
export interface SegmentQuery {
  readonly 'for-segment-ids'?: string
  readonly 'include-unsegmented': boolean
}

export const ForSegmentIds = (): PropertyDecorator =>
  Text({
    description: 'Only what is in one of these segments: their ids, with commas between them',
    optional: true,
    min: 0,
    max: 4096,
    pattern: /^[0-9a-fA-F, -]*$/,
  })

export const IncludeUnsegmented = (): PropertyDecorator =>
  QueryFlag({ description: 'Whether what is in no segment stands in the list as well; false only with segments' })

/**
 * The segments asked for; null: no matter which. An id that no segment has finds nothing.
 * @throws DomainError `invalid_parameter` for what are no ids, and for `include-unsegmented=false` without any
 */
export function segmentsIn(query: SegmentQuery): { segment_ids: string[]; include_unsegmented: boolean } | null {
  const given = (query['for-segment-ids'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  const ids = given.map((each) => parseId(each) ?? refuse('for-segment-ids', `${each} is no uuid`))
  if (ids.length > 0) return { segment_ids: ids, include_unsegmented: query['include-unsegmented'] }
  if (query['include-unsegmented']) return null
  return refuse('include-unsegmented', 'include-unsegmented=false needs for-segment-ids')
}

export function refuse(field: string, message: string): never {
  throw new DomainError('invalid_parameter', `${field}: ${message}`, { fields: [{ field, message, reason: 'value' }] })
}
