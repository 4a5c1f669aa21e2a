import { listQuery, Text } from '#platform'
import { segmentKind } from './segments.fields.ts'

export class SegmentQuery extends listQuery(segmentKind.filter) {
  @Text({ description: 'Only the one with this external id', optional: true })
  external_id?: string

  @Text({ description: 'Only the one with this name', optional: true })
  name?: string
}
