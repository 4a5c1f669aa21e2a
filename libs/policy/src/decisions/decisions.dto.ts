import { ApiProperty } from '@nestjs/swagger'
import { Id, Instant, OneOf, Text, listQuery, pageOf } from '#platform'
import { decisionFilter } from './decisions.fields.ts'
import { outcomes, type Outcome } from './outcomes.ts'

/** Which recorded decisions; all that is given must fit. */
export interface DecisionSelection {
  readonly principal_id?: string | undefined
  readonly action?: string | undefined
  readonly resource_id?: string | undefined
  readonly decision?: Outcome | undefined
  readonly policy_id?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export class DecisionQuery extends listQuery(decisionFilter) implements DecisionSelection {
  @Text({ description: 'Decisions about this principal', max: 1024, optional: true })
  principal_id?: string

  @Text({ description: 'Decisions about this action', max: 256, optional: true, example: 'request_access' })
  action?: string

  @Text({ description: 'Decisions about this resource', max: 2048, optional: true })
  resource_id?: string

  @OneOf({ description: 'Decisions of this outcome', of: outcomes, optional: true, example: 'deny' })
  decision?: Outcome

  @Id({ description: 'Decisions that a rule of this policy made', optional: true })
  policy_id?: string

  @Instant({ description: 'Decisions from this time on', optional: true })
  from?: string

  @Instant({ description: 'Decisions before this time', optional: true })
  to?: string
}

export class EntityReference {
  @ApiProperty({ type: String, example: 'AwsAccount', description: 'A type of the schema' })
  type!: string

  @ApiProperty({ type: String, example: '123456789012' })
  id!: string
}

export class PolicyDecisionError {
  @ApiProperty({ type: String, description: 'The policy, or the id in an inline set' })
  policy_id!: string

  @ApiProperty({ type: String, format: 'uuid', required: false, description: 'The rule of the policy' })
  rule_id?: string

  @ApiProperty({ type: String, description: "What went wrong, in Cedar's words" })
  message!: string
}

export class RecordedDecision {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: EntityReference, description: 'Who' })
  principal!: EntityReference

  @ApiProperty({ type: [String], description: 'Groups that the question added' })
  groups!: string[]

  @ApiProperty({ type: EntityReference, description: 'What they want to do' })
  action!: EntityReference

  @ApiProperty({ type: EntityReference, description: 'With what' })
  resource!: EntityReference

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The entitlement by which the resource was asked for, when it was one',
  })
  entitlement_id!: string | null

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The circumstances' })
  context!: Record<string, unknown>

  @ApiProperty({ enum: outcomes, description: 'What the policies decided' })
  decision!: Outcome

  @ApiProperty({ type: [String], description: 'The policies whose rules decided' })
  matching_policy_ids!: string[]

  @ApiProperty({ type: [String], description: 'The rules that decided' })
  matching_rule_ids!: string[]

  @ApiProperty({
    type: [PolicyDecisionError],
    description: 'Rules that could not be evaluated, and so had no part in it',
  })
  errors!: PolicyDecisionError[]

  @ApiProperty({ type: String, description: 'Why, in a sentence' })
  reason!: string

  @ApiProperty({ type: 'integer', description: 'Of the set of policies that decided' })
  set_version!: number

  @ApiProperty({ type: 'integer', description: 'How long it took, in microseconds' })
  duration_us!: number

  @ApiProperty({ type: EntityReference, description: 'Whose credential asked' })
  actor!: EntityReference

  @ApiProperty({ type: String, nullable: true, description: 'The X-Request-Id of the request that asked' })
  request_id!: string | null

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string
}

export class PolicyDecisionPage extends pageOf(RecordedDecision) {}
