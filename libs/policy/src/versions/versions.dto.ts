import { ApiProperty } from '@nestjs/swagger'
import { QueryWhole, listQuery, pageOf } from '#platform'
import { EntityReference } from '../decisions/decisions.dto.ts'
import { versionFilter } from './versions.fields.ts'

export class PolicyVersionQuery extends listQuery(versionFilter) {}

export class DifferenceQuery {
  @QueryWhole({
    description: 'The number of the version to compare with; the one before when left out',
    min: 1,
    max: 2_147_483_647,
  })
  against?: number
}

export class PolicyVersionSummary {
  @ApiProperty({ type: String, format: 'uuid', description: 'The policy' })
  policy_id!: string

  @ApiProperty({ type: 'integer', description: 'What the version of the policy was when it was saved' })
  number!: number

  @ApiProperty({ type: 'integer', description: 'How many rules it has' })
  rule_count!: number

  @ApiProperty({ type: EntityReference, description: 'Who saved it' })
  actor!: EntityReference

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string
}

export class PolicyVersionPage extends pageOf(PolicyVersionSummary) {}

export class PolicyVersion extends PolicyVersionSummary {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The policy whole: its own fields, `rules` in all their forms, `links`',
  })
  document!: Record<string, unknown>
}

const anyValue = { anyOf: ['string', 'integer', 'boolean', 'null'].map((type) => ({ type })) }

export class FieldDifference {
  @ApiProperty({ type: String, example: 'priority', description: 'The name of the field' })
  field!: string

  @ApiProperty({ description: 'Before', ...anyValue })
  before!: unknown

  @ApiProperty({ description: 'After', ...anyValue })
  after!: unknown
}

export class RuleDifference {
  @ApiProperty({ type: String, format: 'uuid', description: 'The rule' })
  rule_id!: string

  @ApiProperty({ enum: ['added', 'removed', 'changed', 'moved'], description: 'What became of it' })
  change!: 'added' | 'removed' | 'changed' | 'moved'

  @ApiProperty({ type: String, nullable: true, description: 'The Cedar text before' })
  before!: string | null

  @ApiProperty({ type: String, nullable: true, description: 'The Cedar text after' })
  after!: string | null
}

export class LinkDifference {
  @ApiProperty({ type: String, format: 'uuid', description: 'The link' })
  link_id!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The template that it fills' })
  rule_id!: string

  @ApiProperty({ enum: ['added', 'removed'], description: 'What became of it' })
  change!: 'added' | 'removed'
}

export class PolicyDifference {
  @ApiProperty({ type: 'integer', description: 'The version before; 0: nothing' })
  from!: number

  @ApiProperty({ type: 'integer', description: 'The version after' })
  to!: number

  @ApiProperty({ type: [FieldDifference], description: 'Of the policy itself' })
  fields!: FieldDifference[]

  @ApiProperty({ type: [RuleDifference], description: 'Of its rules' })
  rules!: RuleDifference[]

  @ApiProperty({ type: [LinkDifference], description: 'Of the links of its templates' })
  links!: LinkDifference[]
}
