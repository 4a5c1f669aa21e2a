import { ApiProperty } from '@nestjs/swagger'
import { Flag, JsonObject, NestedList, Reference, ReferenceList, Shaped } from '#platform'
import { PolicyDecisionError } from '../decisions/decisions.dto.ts'
import { referencePattern } from '../decisions/references.ts'
import type { EntityRef } from '../engine/cedar.ts'

type Ref = string | EntityRef

const reference = new RegExp(referencePattern, 's')
export const mostQuestions = 100

const described = {
  principal: 'Who: `user:<identity id>`, or a type of the schema and an id, as one text or as `{type, id}`',
  groups: 'Groups that the principal is in, beside those that the directory knows: ids or names. Live policies only',
  action: 'What they want to do: `request_access`, or `{type, id}`',
  resource:
    'With what: `aws_account:123456789012`, `entitlement:<id>`, `access_profile:<id>`, as one text or as `{type, id}`',
  context: 'The circumstances; `docs/policies.md` lists those that the built-in schema knows',
  validate_request: 'Whether the request must fit the schema that is given; true when left out. Inline policies only',
}

/** One question of a batch: a text that names nothing is an error of this one, and of no other. */
export class Ask {
  @Reference({ description: described.principal, anyId: true })
  principal!: Ref

  @ReferenceList({ description: described.groups, max: 1000, optional: true })
  groups?: Ref[]

  @Reference({ description: described.action, anyId: true })
  action!: Ref

  @Reference({ description: described.resource, anyId: true })
  resource!: Ref

  @JsonObject({ description: described.context, optional: true })
  context?: Record<string, unknown>

  @Flag({ description: described.validate_request, optional: true })
  validate_request?: boolean
}

/** One question, or `requests`; about the live policies, or about `policies`. */
export class EvaluatePolicies {
  @Reference({
    description: described.principal,
    pattern: reference,
    anyId: true,
    optional: true,
    example: 'user:019a0000-0000-7000-8000-000000000001',
  })
  principal?: Ref

  @ReferenceList({ description: described.groups, max: 1000, optional: true, example: ['on-call'] })
  groups?: Ref[]

  @Reference({ description: described.action, anyId: true, optional: true, example: 'request_access' })
  action?: Ref

  @Reference({
    description: described.resource,
    pattern: reference,
    anyId: true,
    optional: true,
    example: 'aws_account:123456789012',
  })
  resource?: Ref

  @JsonObject({
    description: described.context,
    optional: true,
    example: { reason: 'On call this week', ticket: { provider: 'jira', id: 'OPS-1' } },
  })
  context?: Record<string, unknown>

  @Flag({
    description: `${described.validate_request}. Beside requests: of each that does not say it itself`,
    optional: true,
  })
  validate_request?: boolean

  @NestedList(() => Ask, {
    description: 'Several questions at once, instead of one',
    max: mostQuestions,
    optional: true,
  })
  requests?: Ask[]

  @Shaped({
    description:
      'Policies to ask instead of the live ones: Cedar text, where they get the ids policy0, policy1, … by position, or an object of texts or JSON by id',
    of: ['text', 'object'],
    format: 'cedar',
    optional: true,
  })
  policies?: string | Record<string, unknown>

  @Shaped({ description: "Entities in Cedar's JSON, for inline policies", of: ['list'], optional: true })
  entities?: unknown[]

  @Shaped({
    description: "A schema for inline policies: Cedar text, or Cedar's JSON; null or left out: none",
    of: ['text', 'object', 'null'],
    format: 'cedar',
    optional: true,
  })
  schema?: string | Record<string, unknown> | null
}

export class Evaluation {
  @ApiProperty({ type: Boolean, description: 'The same as `decision`' })
  permitted!: boolean

  @ApiProperty({ enum: ['allow', 'deny'], description: 'What the policies decide' })
  decision!: 'allow' | 'deny'

  @ApiProperty({
    type: [String],
    description: 'The policies that decided: all that forbid, or else all that permit; none when nothing permits',
  })
  matching_policy_ids!: string[]

  @ApiProperty({ type: [PolicyDecisionError], description: 'Policies that could not be evaluated' })
  errors!: PolicyDecisionError[]

  @ApiProperty({ type: String, description: 'Why, in a sentence' })
  reason!: string

  @ApiProperty({ type: [String], description: 'The notices of the policies that decided' })
  notices!: string[]

  @ApiProperty({ type: [String], required: false, description: 'Of live policies: what the rules that decided advise' })
  advice?: string[]

  @ApiProperty({ type: [String], required: false, description: 'Of live policies: the rules that decided' })
  matching_rule_ids?: string[]

  @ApiProperty({ type: Boolean, required: false, description: 'Of live policies: whether sessions are audited' })
  audit_session?: boolean

  @ApiProperty({ type: 'integer', required: false, description: 'Of live policies: the version of their set' })
  set_version?: number
}

export class EvaluationFailure {
  @ApiProperty({
    type: 'object',
    properties: {
      code: { type: 'string', description: 'One of the codes of errors' },
      message: { type: 'string', description: 'What was wrong, and what would be right' },
      details: { type: 'object', additionalProperties: true, description: 'Where, and the allowed values' },
    },
    required: ['code', 'message'],
    description: 'Why the question has no answer',
  })
  error!: { code: string; message: string; details?: Record<string, unknown> }
}

export class EvaluationBatch {
  @ApiProperty({
    type: 'array',
    items: { anyOf: [{ $ref: '#/components/schemas/Evaluation' }, { $ref: '#/components/schemas/EvaluationFailure' }] },
    description: 'In the order of the requests',
  })
  responses!: (Evaluation | EvaluationFailure)[]
}
