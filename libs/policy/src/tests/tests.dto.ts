import { ApiProperty, PartialType } from '@nestjs/swagger'
import { JsonObject, JsonObjectList, Nested, OneOf, Reference, ReferenceList, Text, listQuery, pageOf } from '#platform'
import { outcomes, type Outcome } from '../decisions/outcomes.ts'
import { referencePattern } from '../decisions/references.ts'
import type { EntityRef } from '../engine/cedar.ts'
import { testFilter } from './tests.fields.ts'

type Ref = string | EntityRef

const reference = new RegExp(referencePattern, 's')

export class PolicyTestRequest {
  @Reference({
    description: 'Who: `user:<identity id>`, or anybody with a made up id',
    pattern: reference,
    example: 'user:somebody',
  })
  principal!: Ref

  @ReferenceList({
    description: 'The groups they are in, by id or name, beside those that the directory knows',
    max: 100,
    optional: true,
    example: ['019a0000-0000-7000-8000-000000000300'],
  })
  groups?: Ref[]

  @Reference({ description: 'What they want to do', example: 'revoke' })
  action!: Ref

  @Reference({ description: 'With what', pattern: reference, example: 'aws_account:123456789012' })
  resource!: Ref

  @JsonObject({ description: 'The circumstances', optional: true })
  context?: Record<string, unknown>

  @JsonObjectList({
    description: "Entities in Cedar's JSON, instead of what the directory knows; at most 64 KiB",
    max: 1000,
    optional: true,
  })
  entities?: Record<string, unknown>[]
}

export class CreatePolicyTest {
  @Text({ description: 'What is expected, in words', example: 'Nobody revokes what others hold' })
  name!: string

  @Nested(() => PolicyTestRequest, { description: 'The question' })
  request!: PolicyTestRequest

  @OneOf({ description: 'What the policy alone, without the others, must decide', of: outcomes, example: 'deny' })
  expected!: Outcome
}

export class UpdatePolicyTest extends PartialType(CreatePolicyTest, { skipNullProperties: false }) {}
export class TestQuery extends listQuery(testFilter) {}

export class PolicyTest {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The policy that it is of' })
  policy_id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As it was given' })
  request!: PolicyTestRequest

  @ApiProperty({ enum: outcomes, description: 'What the policy alone must decide' })
  expected!: Outcome

  @ApiProperty({ type: 'integer', description: 'Counts the writes; the ETag' })
  version!: number

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string
}

export class PolicyTestPage extends pageOf(PolicyTest) {}

export class TestResult {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: Boolean, description: 'Whether the policy decides as expected' })
  passed!: boolean

  @ApiProperty({ enum: outcomes, description: 'What the test expects' })
  expected!: Outcome

  @ApiProperty({ enum: outcomes, nullable: true, description: 'null: the question could not be asked' })
  decision!: Outcome | null

  @ApiProperty({ type: [String], description: 'The rules that decided' })
  matching_rule_ids!: string[]

  @ApiProperty({ type: String, description: 'Why the policy decides as it does' })
  reason!: string
}

export class TestResults {
  @ApiProperty({ type: Boolean, description: 'Every test' })
  passed!: boolean

  @ApiProperty({ type: [TestResult], description: 'One for each test' })
  results!: TestResult[]
}
