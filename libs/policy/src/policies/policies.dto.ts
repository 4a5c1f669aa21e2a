import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger'
import { Flag, NestedList, Text, Whole, listQuery, pageOf } from '#platform'
import { policyFilter } from './policies.fields.ts'
import { CreatePolicyRule } from '../rules/rules.dto.ts'

export const mostRules = 1000
export const longestSet = 500_000
const tenYears = 10 * 366 * 86_400
const mostPriority = 1_000_000

export class CreatePolicy {
  @Text({ description: 'No two policies have the same', example: 'On-call access to production' })
  name!: string

  @Text({
    description: 'What it is for',
    max: 4096,
    min: 0,
    multiline: true,
    optional: true,
    nullable: true,
    example: 'The platform group may ask for production accounts',
  })
  description?: string | null

  @Flag({ description: 'Whether it decides; true when left out', optional: true })
  enabled?: boolean

  @Whole({
    description: 'A higher one decides first, and what it decides no lower one can change; 0 when left out',
    optional: true,
    min: -mostPriority,
    max: mostPriority,
    example: 10,
  })
  priority?: number

  @Whole({
    description: 'How long access that it permits may last, in seconds',
    min: 1,
    max: tenYears,
    example: 28_800,
  })
  max_duration_seconds!: number

  @Whole({
    description: 'How long it lasts when nobody says, in seconds; null: as long as it may',
    optional: true,
    nullable: true,
    min: 1,
    max: tenYears,
    example: 3600,
  })
  default_duration_seconds?: number | null

  @Text({
    description: 'Where requests that it decides are announced; any name of yours',
    optional: true,
    nullable: true,
  })
  notification_channel?: string | null

  @Text({
    description:
      'All rules as one Cedar text, which becomes a rule for each policy and template in it; instead of `rules`',
    optional: true,
    max: longestSet,
    min: 0,
    multiline: true,
    format: 'cedar',
  })
  cedar_policy_set?: string

  @NestedList(() => CreatePolicyRule, {
    description: 'The rules, each in whichever form; instead of `cedar_policy_set`',
    optional: true,
    max: mostRules,
  })
  rules?: CreatePolicyRule[]
}

export class UpdatePolicy extends PartialType(OmitType(CreatePolicy, ['rules']), { skipNullProperties: false }) {
  @NestedList(() => CreatePolicyRule, {
    description: 'All rules anew. A rule that says the same as before keeps its id',
    optional: true,
    max: mostRules,
  })
  rules?: CreatePolicyRule[]
}

export class PolicyQuery extends listQuery(policyFilter) {}

/** What a policy says beside its rules. */
export interface PolicySettings {
  readonly name: string
  readonly description: string | null
  readonly enabled: boolean
  readonly priority: number
  readonly max_duration_seconds: number
  readonly default_duration_seconds: number | null
  readonly notification_channel: string | null
}

export const policyDefaults = {
  description: null,
  enabled: true,
  priority: 0,
  default_duration_seconds: null,
  notification_channel: null,
} satisfies Partial<PolicySettings>

export class Policy implements PolicySettings {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: String, nullable: true, description: 'What it is for' })
  description!: string | null

  @ApiProperty({ type: Boolean, description: 'Whether it decides' })
  enabled!: boolean

  @ApiProperty({ type: 'integer', description: 'A higher one decides first' })
  priority!: number

  @ApiProperty({ type: 'integer', description: 'How long access that it permits may last' })
  max_duration_seconds!: number

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'How long it lasts when nobody says; null: as long as it may',
  })
  default_duration_seconds!: number | null

  @ApiProperty({ type: String, nullable: true, description: 'Where requests that it decides are announced' })
  notification_channel!: string | null

  @ApiProperty({ type: 'integer', description: 'Templates counted; the rules stand at `/rules`, the text at `/cedar`' })
  rule_count!: number

  @ApiProperty({ type: 'integer', description: 'The number of the version that was saved last; the ETag' })
  version!: number

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string
}

export class PolicyPage extends pageOf(Policy) {}

export class PolicyCedar {
  @ApiProperty({ type: String, format: 'uuid', description: 'The policy' })
  policy_id!: string

  @ApiProperty({ type: String, description: 'All rules, in order, as one Cedar text' })
  cedar_policy_set!: string

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: "The same as a policy set in Cedar's own JSON, by the ids of rules and links",
  })
  cedar_json!: object

  @ApiProperty({ type: 'integer', description: "The policy's version; the ETag" })
  version!: number
}
