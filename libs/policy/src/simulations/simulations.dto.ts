import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger'
import { Flag, Id, Instant, Nested, NestedList, OneOf, Text, Whole } from '#platform'
import { EntityReference } from '../decisions/decisions.dto.ts'
import { outcomes, type Outcome } from '../decisions/outcomes.ts'
import { Ask, EvaluationFailure } from '../evaluation/evaluation.dto.ts'
import { CreatePolicy } from '../policies/policies.dto.ts'
import { CreatePolicyRule } from '../rules/rules.dto.ts'

export const mostRequests = 1000

/** A policy as it would be. */
export class DraftPolicy extends PartialType(
  OmitType(CreatePolicy, [
    'name',
    'rules',
    'max_duration_seconds',
    'priority',
    'default_duration_seconds',
    'description',
    'notification_channel',
  ]),
  { skipNullProperties: false },
) {
  @Id({ description: 'The policy that it would take the place of; left out: it would be a new one', optional: true })
  id?: string

  @Text({ description: 'What a new one would be called', optional: true })
  name?: string

  @Whole({ description: 'A higher one decides first', optional: true, min: -1_000_000, max: 1_000_000 })
  priority?: number

  @NestedList(() => CreatePolicyRule, {
    description: 'All its rules; instead of `cedar_policy_set`',
    optional: true,
    max: 1000,
  })
  rules?: CreatePolicyRule[]
}

/** Which of the recorded decisions; the latest ones. */
export class RecordedSelection {
  @Text({ description: 'About this principal', max: 1024, optional: true })
  principal_id?: string

  @Text({ description: 'About this action', max: 256, optional: true })
  action?: string

  @Text({ description: 'About this resource', max: 2048, optional: true })
  resource_id?: string

  @OneOf({ description: 'Of this outcome', of: outcomes, optional: true })
  decision?: Outcome

  @Id({ description: 'That a rule of this policy made', optional: true })
  policy_id?: string

  @Instant({ description: 'From this time on', optional: true })
  from?: string

  @Instant({ description: 'Before this time', optional: true })
  to?: string

  @Whole({
    description: 'How many at most; 100 when left out',
    optional: true,
    min: 1,
    max: mostRequests,
    example: 100,
  })
  limit?: number
}

export class SimulatePolicies {
  @NestedList(() => DraftPolicy, { description: 'The policies that would be changed or added', max: 100 })
  policies!: DraftPolicy[]

  @Flag({ description: 'true: there would be no others; false when left out', optional: true, example: false })
  replace_all?: boolean

  @NestedList(() => Ask, {
    description: 'The questions to ask; left out: those of recorded decisions',
    optional: true,
    max: mostRequests,
  })
  requests?: Ask[]

  @Nested(() => RecordedSelection, { description: 'Which recorded decisions, instead of `requests`', optional: true })
  decisions?: RecordedSelection
}

export class SimulatedDecision {
  @ApiProperty({ enum: outcomes, description: 'The outcome' })
  decision!: Outcome

  @ApiProperty({ type: [String], description: 'A new policy goes by its place: `draft0`, `draft1`, …' })
  matching_policy_ids!: string[]

  @ApiProperty({ type: [String], description: 'The rules that decide' })
  matching_rule_ids!: string[]

  @ApiProperty({ type: String, description: 'Why, in a sentence' })
  reason!: string

  @ApiProperty({ type: [String], description: 'The notices of the rules that decide' })
  notices!: string[]
}

export class DecidingRule {
  @ApiProperty({ type: String, description: 'The policy' })
  policy_id!: string

  @ApiProperty({ type: String, description: 'The rule' })
  rule_id!: string

  @ApiProperty({ enum: ['before', 'after'], description: 'Whether it decides now, or would' })
  decides!: 'before' | 'after'

  @ApiProperty({ type: String, description: 'The rule as Cedar text' })
  policy_text!: string
}

export class SimulatedChange {
  @ApiProperty({ type: EntityReference, description: 'Who' })
  principal!: EntityReference

  @ApiProperty({ type: EntityReference, description: 'What they want to do' })
  action!: EntityReference

  @ApiProperty({ type: EntityReference, description: 'With what' })
  resource!: EntityReference

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The circumstances' })
  context!: Record<string, unknown>

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The recorded decision that asked it; null for a request of the body',
  })
  decision_id!: string | null

  @ApiProperty({ type: SimulatedDecision, description: 'What the live policies decide' })
  before!: SimulatedDecision

  @ApiProperty({ type: SimulatedDecision, description: 'What they would decide' })
  after!: SimulatedDecision

  @ApiProperty({ type: [DecidingRule], description: 'The rules that make the difference' })
  rules!: DecidingRule[]
}

export class SimulationFailure extends EvaluationFailure {
  @ApiProperty({ type: 'integer', description: 'The place of the request' })
  index!: number
}

export class Simulation {
  @ApiProperty({ type: 'integer', description: 'How many questions were asked' })
  evaluated!: number

  @ApiProperty({ type: 'integer', description: 'How many would be answered otherwise' })
  changed!: number

  @ApiProperty({ type: [SimulatedChange], description: 'The questions that would be answered otherwise' })
  changes!: SimulatedChange[]

  @ApiProperty({ type: [SimulationFailure], description: 'Questions that have no answer' })
  failures!: SimulationFailure[]
}
