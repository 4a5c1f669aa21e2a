import { Id, listQuery, Text } from '#platform'
import { entitlementKind } from './entitlements.fields.ts'

export class EntitlementQuery extends listQuery(entitlementKind.filter) {
  @Text({ description: 'Only the one with this external id', optional: true })
  external_id?: string

  @Id({ description: 'Only those of this source', optional: true })
  source_id?: string

  @Text({ description: 'Only those with this name', optional: true })
  name?: string

  @Text({ description: 'Only those for resources of this type', max: 64, optional: true })
  resource_type?: string

  @Text({ description: 'Only those for the resource with this id', max: 1024, optional: true })
  resource_id?: string
}
