import { Id, OneOf, ReadOnly } from '#platform'

const name = { description: 'Its name as it is now; nothing is done with it in a request', type: { type: String } }
const unset = { optional: true, nullable: true }

/** How a person is named: an owner, a manager. */
export class IdentityReference {
  @OneOf({ description: 'Always IDENTITY', of: ['IDENTITY'], ...unset })
  type?: string | null

  @Id({ description: 'The identity', dashes: 'optional', example: '019a0000000070008000000000000001' })
  id!: string

  @ReadOnly(name)
  name?: string
}

export class GovernanceGroupReference {
  @OneOf({ description: 'Always GOVERNANCE_GROUP', of: ['GOVERNANCE_GROUP'], ...unset })
  type?: string | null

  @Id({ description: 'The group', dashes: 'optional', example: '019a0000000070008000000000000300' })
  id!: string

  @ReadOnly(name)
  name?: string
}
