import { listQuery, Text } from '#platform'
import { sourceKind } from './sources.fields.ts'

export class SourceQuery extends listQuery(sourceKind.filter) {
  @Text({ description: 'Only the one with this external id', optional: true })
  external_id?: string

  @Text({ description: 'Only the one with this name', optional: true })
  name?: string
}
