import { Flag, Id, Nested, NestedList, OneOf, Text, Whole } from '#platform'

/** Who decides a step. Those in the second list are named by `approver_id`. */
export const impliedApprovers = ['OWNER', 'SOURCE_OWNER', 'APP_OWNER', 'MANAGER', 'ALL_OWNERS'] as const
export const namedApprovers = ['GOVERNANCE_GROUP', 'ADDITIONAL_OWNER', 'ADDITIONAL_GOVERNANCE_GROUP'] as const
export type ApproverType = (typeof impliedApprovers)[number] | (typeof namedApprovers)[number]

export class ApprovalScheme {
  @OneOf({
    description: 'Who decides: the owner of the profile, of its source, the manager, a group',
    of: [...impliedApprovers, ...namedApprovers],
    example: 'MANAGER',
  })
  approver_type!: ApproverType

  @Id({
    description: 'The group, or for `ADDITIONAL_OWNER` the identity; null for everybody else',
    optional: true,
    nullable: true,
  })
  approver_id?: string | null
}

export class MaxDuration {
  @Whole({ description: 'How many of them', min: 1, max: 100_000, example: 8 })
  value!: number

  @OneOf({ description: 'Of what', of: ['HOURS', 'DAYS', 'WEEKS', 'MONTHS'], example: 'HOURS' })
  unit!: 'HOURS' | 'DAYS' | 'WEEKS' | 'MONTHS'
}

const unset = { optional: true, nullable: true }

export class RevocationConfig {
  @NestedList(() => ApprovalScheme, { description: 'The steps, in order; none: no approval', max: 50, ...unset })
  approval_schemes?: ApprovalScheme[] | null
}

export class RequestConfig extends RevocationConfig {
  @Flag({ description: 'Whether who asks must say why', ...unset })
  comments_required?: boolean | null

  @Flag({ description: 'Whether who denies must say why', ...unset })
  denial_comments_required?: boolean | null

  @Flag({ description: 'Whether who decides must sign in once more', ...unset })
  reauthorization_required?: boolean | null

  @Flag({ description: 'Whether who asks must say until when', ...unset })
  require_end_date?: boolean | null

  @Nested(() => MaxDuration, { description: 'For how long it is given at most', ...unset })
  max_duration?: MaxDuration | null

  @Text({ description: 'The form that a request fills in', max: 128, ...unset })
  form_definition_id?: string | null
}

export class AdditionalOwner {
  @OneOf({ description: 'A person or a group', of: ['IDENTITY', 'GOVERNANCE_GROUP'] })
  type!: 'IDENTITY' | 'GOVERNANCE_GROUP'

  @Id({ description: 'Which one' })
  id!: string
}
