import { ApiProperty, PartialType } from '@nestjs/swagger'
import { Flag, JsonObject, OneOf, QueryFlag, Text, TextList, Whole, listQuery, pageOf } from '#platform'
import { ruleFilter } from './rules.fields.ts'
import { actionScopes, effects, entityScopes } from './scopes.ts'

export const longestText = 20_000
const typeName = /^[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*$/
const nothing = { optional: true, nullable: true } as const

/** A rule: as one Cedar text (which wins), as Cedar's JSON, or as fields. */
export class CreatePolicyRule {
  @Text({
    description: 'What people are told whenever the rule decides; the annotation `@notice`',
    max: 2000,
    multiline: true,
    ...nothing,
    example: 'Sessions in production are recorded',
  })
  notice?: string | null

  @Text({
    description:
      'The whole rule as Cedar text; it wins over the fields below. With `?principal` or `?resource` a template',
    optional: true,
    max: longestText,
    multiline: true,
    format: 'cedar',
  })
  policy_text?: string

  @JsonObject({ description: "The whole rule as Cedar's own JSON; it wins over the fields below", optional: true })
  policy_json?: Record<string, unknown>

  @OneOf({ description: 'Required without a text or JSON', of: effects, optional: true, example: 'permit' })
  effect?: (typeof effects)[number]

  @OneOf({
    description: 'Whom it speaks of: anybody, one entity (`eq`), what is in one (`in`), a type (`is`), both (`is_in`)',
    of: entityScopes,
    optional: true,
    example: 'in',
  })
  principal_scope_type?: (typeof entityScopes)[number]

  @Text({
    description: 'The type of the entity, or for `is` and `is_in` the type that is asked for',
    max: 256,
    pattern: typeName,
    ...nothing,
    example: 'Group',
  })
  principal_entity_type?: string | null

  @Text({
    description: 'The id of the entity of `eq` and `in`; `?principal` makes a template',
    max: 1024,
    ...nothing,
    example: '019a0000-0000-7000-8000-000000000300',
  })
  principal_entity_id?: string | null

  @Text({ description: 'Of `is_in`: the type of the entity it is in', max: 256, pattern: typeName, ...nothing })
  principal_in_type?: string | null

  @Text({
    description: 'Of `is_in`: the id of the entity it is in; `?principal` makes a template',
    max: 1024,
    ...nothing,
  })
  principal_in_id?: string | null

  @OneOf({ description: 'Any action, one, or one of several', of: actionScopes, optional: true, example: 'eq' })
  action_scope_type?: (typeof actionScopes)[number]

  @TextList({ description: 'The ids of the actions', max: 100, optional: true, example: ['request_access'] })
  action_ids?: string[]

  @OneOf({ description: 'What it speaks of, in the same words', of: entityScopes, optional: true, example: 'is' })
  resource_scope_type?: (typeof entityScopes)[number]

  @Text({
    description: 'The type of the entity, or for `is` and `is_in` the type that is asked for',
    max: 256,
    pattern: typeName,
    ...nothing,
    example: 'AwsAccount',
  })
  resource_entity_type?: string | null

  @Text({ description: 'The id of the entity of `eq` and `in`; `?resource` makes a template', max: 1024, ...nothing })
  resource_entity_id?: string | null

  @Text({ description: 'Of `is_in`: the type of the entity it is in', max: 256, pattern: typeName, ...nothing })
  resource_in_type?: string | null

  @Text({
    description: 'Of `is_in`: the id of the entity it is in; `?resource` makes a template',
    max: 1024,
    ...nothing,
  })
  resource_in_id?: string | null

  @Text({
    description: 'Cedar: any number of `when { … }` and `unless { … }`',
    optional: true,
    max: longestText,
    min: 0,
    multiline: true,
    format: 'cedar',
    example: 'when { context has ticket }',
  })
  conditions?: string

  @Text({
    description: 'What people can do about it; the annotation `@advice`',
    max: 2000,
    multiline: true,
    ...nothing,
  })
  advice?: string | null

  @Flag({ description: 'Whether sessions that the rule permits are audited; true when left out', optional: true })
  audit_session?: boolean

  @JsonObject({ description: 'All other annotations: texts by name', optional: true })
  annotations?: Record<string, unknown>

  @Whole({ description: 'Its place in the policy; the last one when left out', optional: true, min: 1, max: 1_000_000 })
  ordinal?: number
}

export class UpdatePolicyRule extends PartialType(CreatePolicyRule, { skipNullProperties: false }) {}

export class ForceQuery {
  @QueryFlag({ description: "true: save although the policy's own tests fail", optional: true })
  force?: boolean
}

export class RuleQuery extends listQuery(ruleFilter) {}

const ScopeType = (description: string): PropertyDecorator => ApiProperty({ enum: entityScopes, description })
const Maybe = (description: string): PropertyDecorator => ApiProperty({ type: String, nullable: true, description })

export class PolicyRule {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The policy that it is of' })
  policy_id!: string

  @ApiProperty({ type: 'integer', description: 'Its place in the policy' })
  ordinal!: number

  @ApiProperty({ enum: effects, description: 'A rule that forbids wins over all that permit' })
  effect!: string

  @ScopeType('Whom it speaks of')
  principal_scope_type!: string

  @Maybe('The type of the entity, or of `is` and `is_in` the type that is asked for')
  principal_entity_type!: string | null

  @Maybe('The id of the entity of `eq` and `in`; `?principal` in a template')
  principal_entity_id!: string | null

  @Maybe('Of `is_in`: the type of the entity it is in')
  principal_in_type!: string | null

  @Maybe('Of `is_in`: the id of the entity it is in; `?principal` in a template')
  principal_in_id!: string | null

  @ApiProperty({ enum: actionScopes, description: 'Any action, one, or one of several' })
  action_scope_type!: string

  @ApiProperty({ type: [String], description: 'The ids of the actions' })
  action_ids!: string[]

  @ScopeType('What it speaks of')
  resource_scope_type!: string

  @Maybe('The type of the entity, or of `is` and `is_in` the type that is asked for')
  resource_entity_type!: string | null

  @Maybe('The id of the entity of `eq` and `in`; `?resource` in a template')
  resource_entity_id!: string | null

  @Maybe('Of `is_in`: the type of the entity it is in')
  resource_in_type!: string | null

  @Maybe('Of `is_in`: the id of the entity it is in; `?resource` in a template')
  resource_in_id!: string | null

  @ApiProperty({ type: String, description: 'Empty: none' })
  conditions!: string

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'All of them' })
  annotations!: Record<string, string>

  @Maybe('What people are told when it decides')
  notice!: string | null

  @Maybe('What people can do about it')
  advice!: string | null

  @ApiProperty({ type: Boolean, description: 'Whether sessions that it permits are audited' })
  audit_session!: boolean

  @ApiProperty({
    type: [String],
    description: 'What a link has to fill; empty for a rule that is no template. A template decides by its links only',
  })
  slots!: string[]

  @ApiProperty({ type: String, description: 'Cedar text, in the layout of Cedar itself' })
  policy_text!: string

  @ApiProperty({ type: 'object', additionalProperties: true, description: "Cedar's own JSON" })
  policy_json!: Record<string, unknown>

  @ApiProperty({ type: 'integer', description: 'Counts the writes; the ETag' })
  version!: number

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string
}

export class PolicyRulePage extends pageOf(PolicyRule) {}
