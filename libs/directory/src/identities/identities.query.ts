import { Id, listQuery, OneOf, Text } from '#platform'
import { lifecycleStates } from './identities.dto.ts'
import { identityKind } from './identities.fields.ts'

export class IdentityQuery extends listQuery(identityKind.filter) {
  @Text({ description: 'Only the one with this external id', optional: true })
  external_id?: string

  @Text({ description: 'Only those with this e-mail address', optional: true })
  email?: string

  @Text({ description: 'Only those with this name', optional: true })
  name?: string

  @Id({ description: 'Only those whose manager this is', optional: true })
  manager_id?: string

  @OneOf({ description: 'Only those in this state', of: lifecycleStates, optional: true })
  lifecycle_state?: string
}
