import { Flag, Id, NestedList, OneOf, Text, TextList } from '#platform'
import { mostEntitlements } from '../access-profiles.dto.ts'
import { impliedApprovers, namedApprovers, type ApproverType } from '../request-config.dto.ts'

const named = (what: string) => ({
  description: `The external id of ${what}`,
  optional: true,
  nullable: true,
  max: 512,
})

/** A step of an approval as a line has it. */
export class ApprovalSchemeLine {
  @OneOf({ description: 'Who decides', of: [...impliedApprovers, ...namedApprovers] })
  approver_type!: ApproverType

  @Text(named('the group that decides'))
  group?: string | null

  @Text(named('the identity that decides, for `ADDITIONAL_OWNER`'))
  identity?: string | null
}

/** An access profile as a line of an import: references are external ids. What it does not name stays. */
export class AccessProfileLine {
  @Text({ description: 'Names the profile: the same one is the same profile, in this import and the next', max: 512 })
  external_id!: string

  @Id({ description: 'Kept as the id of a new profile', optional: true })
  id?: string

  @Text({ description: 'No two profiles have the same, whatever its case' })
  name!: string

  @Text({ description: 'What it is for', max: 2000, min: 0, multiline: true, optional: true, nullable: true })
  description?: string | null

  @Text(named('the owner, an identity'))
  owner?: string | null

  @Text(named('the source of all of its entitlements'))
  source?: string | null

  @TextList({
    description: 'The external ids of all its entitlements, in order',
    max: mostEntitlements,
    optional: true,
  })
  entitlements?: string[]

  @TextList({ description: 'The external ids of all profiles that it inherits from', max: 500, optional: true })
  inherits?: string[]

  @Flag({ description: 'Whether it runs; of a new one, when left out: if there is something it gives', optional: true })
  enabled?: boolean

  @Flag({ description: 'Whether people may ask for it', optional: true })
  requestable?: boolean

  @TextList({ description: 'Words to find it by', max: 100, optional: true })
  labels?: string[]

  @NestedList(() => ApprovalSchemeLine, {
    description: 'Who decides about a request, in order',
    max: 50,
    optional: true,
  })
  approval_schemes?: ApprovalSchemeLine[]

  @TextList({ description: 'The external ids of the segments whose people see it', max: 1000, optional: true })
  segments?: string[]
}

/** That an identity holds a profile. It has no name of its own: profile and identity name it. */
export class AssignmentLine {
  @Text({ description: 'The external id of the access profile', max: 512 })
  access_profile!: string

  @Text({ description: 'The external id of the identity', max: 512 })
  identity!: string
}
