import { parseId } from '#kernel'
import { QueryFlag, Text } from '#platform'
import { wrongParameter } from './refusals.ts'
import { idOfNothing } from './wire.ts'

/** What lists of objects that stand in segments take besides. */
export interface SegmentQuery {
  readonly 'for-segment-ids'?: string
  readonly 'include-unsegmented': boolean
}

export const ForSegmentIds = (): PropertyDecorator =>
  Text({
    description: 'Only what is in one of these segments, their ids separated by commas, or in none',
    optional: true,
    min: 0,
    max: 4096,
  })

export const IncludeUnsegmented = (): PropertyDecorator =>
  QueryFlag({ description: 'false: without what is in no segment; goes with for-segment-ids only' })

export interface SegmentsAsked {
  readonly segmentIds: readonly string[]
  readonly includeUnsegmented: boolean
}

/**
 * The segments asked for; null: no matter which. What is the id of no segment finds nothing.
 * @throws DomainError `invalid_parameter` for `include-unsegmented=false` without any
 */
export function segmentsIn(query: SegmentQuery): SegmentsAsked | null {
  const given = (query['for-segment-ids'] ?? '').split(',').map((each) => each.trim())
  const segmentIds = given.filter((each) => each !== '').map((each) => parseId(each) ?? idOfNothing)
  const includeUnsegmented = query['include-unsegmented']
  if (segmentIds.length > 0) return { segmentIds, includeUnsegmented }
  if (includeUnsegmented) return null
  throw wrongParameter(
    'include-unsegmented',
    'include-unsegmented=false needs for-segment-ids: without them it would leave nothing',
  )
}
