import { listQuery, Text } from '#platform'
import { identityKind } from '../identities/identities.fields.ts'
import { groupKind } from './groups.fields.ts'

export class GroupQuery extends listQuery(groupKind.filter) {
  @Text({ description: 'Only the one with this external id', optional: true })
  external_id?: string

  @Text({ description: 'Only the one with this name', optional: true })
  name?: string
}

export class GroupMemberQuery extends listQuery(identityKind.filter) {}
