import { Flag, Id, Nested, NestedList, OneOf, Whole } from '#platform'

export const approverTypes = ['ENTITLEMENT_OWNER', 'SOURCE_OWNER', 'MANAGER', 'GOVERNANCE_GROUP', 'WORKFLOW'] as const
export const durationUnits = ['HOURS', 'DAYS', 'WEEKS', 'MONTHS'] as const

const mostSteps = 100

/** One step of deciding about a request. */
export class EntitlementApprovalScheme {
  @OneOf({ description: 'Who decides', of: approverTypes, example: 'SOURCE_OWNER' })
  approver_type!: (typeof approverTypes)[number]

  @Id({ description: 'The group that decides; null for the other approvers', optional: true, nullable: true })
  approver_id?: string | null
}

export class EntitlementMaxDuration {
  @Whole({ description: 'How many', min: 1, max: 1_000_000, example: 30 })
  value!: number

  @OneOf({ description: 'Of what', of: durationUnits, example: 'DAYS' })
  unit!: (typeof durationUnits)[number]
}

export class EntitlementRequestConfig {
  @Flag({ description: 'Whether who asks must say why', optional: true })
  comments_required?: boolean

  @Flag({ description: 'Whether who denies must say why', optional: true })
  denial_comments_required?: boolean

  @Flag({ description: 'Whether who asks must sign in again', optional: true })
  reauthorization_required?: boolean

  @Flag({ description: 'Whether a request must name an end', optional: true })
  require_end_date?: boolean

  @Nested(() => EntitlementMaxDuration, {
    description: 'The longest that it is given for',
    optional: true,
    nullable: true,
  })
  max_duration?: EntitlementMaxDuration | null

  @NestedList(() => EntitlementApprovalScheme, {
    description: 'The steps, in their order',
    max: mostSteps,
    optional: true,
  })
  approval_schemes?: EntitlementApprovalScheme[]
}

export class EntitlementRevocationConfig {
  @NestedList(() => EntitlementApprovalScheme, {
    description: 'The steps, in their order',
    max: mostSteps,
    optional: true,
  })
  approval_schemes?: EntitlementApprovalScheme[]
}
