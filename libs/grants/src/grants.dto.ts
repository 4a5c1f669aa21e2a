import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger'
import type { BoundFilter } from '#filter'
import { resourceTypes } from '#kernel'
import { Filter, Id, IdList, Instant, JsonObject, Nested, OneOf, Text, Whole, listQuery, pageOf } from '#platform'
import { grantFilter, provisioningStatuses, statuses, type GrantStatus } from './grants.fields.ts'

const tenYears = 10 * 366 * 86_400
const grantee = '019a0000-0000-7000-8000-000000000001'
const types = Object.keys(resourceTypes)

export const revokeReasons = [
  'manual',
  'no_longer_needed',
  'role_change',
  'offboarding',
  'policy',
  'compromised',
  'error',
] as const

/** `access_profile`: the access profile that gave it does not give it any more, or not to this person. */
export const revokeCauses = [...revokeReasons, 'access_profile'] as const

export class ResourceRef {
  @Text({ description: `What kind of resource: ${types.join(', ')}`, max: 64, example: 'aws_account' })
  type!: string

  @Text({
    description:
      'Which one; the form depends on the type: a 12-digit account id, a permission set ARN, a bucket name, a DB instance ARN, `i-…`, `ou-…`, an entitlement id',
    max: 2048,
    example: '123456789012',
  })
  id!: string
}

export class ExtensionRule {
  @Whole({ description: 'How many times the grant may be extended', optional: true, min: 0, max: 1000, example: 2 })
  limit?: number

  @Instant({
    description: 'No extension reaches beyond this time, which lies after the end',
    optional: true,
    example: '2030-01-01T00:00:00Z',
  })
  until?: string
}

export class CreateGrant {
  @Id({ description: 'The identity that gets the access', example: grantee })
  grantee_id!: string

  @Nested(() => ResourceRef, {
    description: 'What it gives access to; required without `entitlement_id`',
    optional: true,
  })
  resource?: ResourceRef

  @Text({
    description: 'What may be done with it; required without `entitlement_id`',
    optional: true,
    max: 128,
    example: 'ReadOnlyAccess',
  })
  action?: string

  @Id({ description: 'A grantable entitlement that says resource and action', optional: true })
  entitlement_id?: string

  @Instant({ description: 'When the access begins; now when left out or past', optional: true, nullable: true })
  starts_at?: string | null

  @Instant({
    description: 'When the access ends; null or left out without `duration_seconds`: when it is revoked',
    optional: true,
    nullable: true,
  })
  expires_at?: string | null

  @Whole({
    description: 'How long the access lasts, in seconds; instead of `expires_at`',
    optional: true,
    min: 1,
    max: tenYears,
    example: 28_800,
  })
  duration_seconds?: number

  @JsonObject({ description: 'Anything of yours, kept and returned', optional: true, example: { ticket: 'OPS-1' } })
  metadata?: Record<string, unknown>

  @Nested(() => ExtensionRule, { description: 'Limits to extensions; none when left out', optional: true })
  extension?: ExtensionRule

  @Text({ description: 'Your own id for it; unique among your grants', optional: true, nullable: true, max: 512 })
  external_id?: string | null

  @Text({
    description: 'Why, for the audit log',
    optional: true,
    multiline: true,
    max: 2000,
    example: 'On call this week',
  })
  reason?: string
}

export class ExtendGrant {
  @Whole({
    description: 'How much longer, in seconds, counted from `expires_at`',
    min: 1,
    max: tenYears,
    example: 3600,
  })
  duration_seconds!: number

  @Text({ description: 'Why, for the audit log', multiline: true, max: 2000, example: 'The incident goes on' })
  reason!: string
}

export class RevokeGrant {
  @OneOf({ description: 'Why, as a code', optional: true, of: revokeReasons, example: 'no_longer_needed' })
  reason: (typeof revokeReasons)[number] = 'manual'

  @Text({
    description: 'Why, in words',
    optional: true,
    nullable: true,
    multiline: true,
    max: 2000,
    example: 'Done early',
  })
  comment?: string | null
}

export class RevokeGrants extends RevokeGrant {
  @IdList({ description: 'Which grants; instead of the selection below', optional: true, max: 1000 })
  ids?: string[]

  @Id({ description: 'The open grants of this person', optional: true, example: grantee })
  grantee_id?: string

  @OneOf({ description: 'The open grants on this type of resource', optional: true, of: types })
  resource_type?: string

  @Text({ description: 'The open grants on this resource', optional: true, max: 2048 })
  resource_id?: string

  @Filter(grantFilter)
  filter?: BoundFilter
}

export class GrantQuery extends listQuery(grantFilter) {
  @OneOf({
    description: 'Grants that are in this status now; all of them when left out',
    optional: true,
    of: statuses,
    example: 'active',
  })
  status?: GrantStatus

  @Id({ description: 'Grants of this identity', optional: true, example: grantee })
  grantee_id?: string

  @OneOf({ description: 'Grants on this type of resource', optional: true, of: types })
  resource_type?: string

  @Text({ description: 'Grants on this resource', optional: true, max: 2048 })
  resource_id?: string
}

const actor: ApiPropertyOptions = {
  type: 'object',
  properties: { type: { type: 'string', description: 'What the actor is' }, id: { type: 'string' } },
  required: ['type', 'id'],
  description: 'Who did it',
}

export class RevokeView {
  @ApiProperty({ enum: revokeCauses, description: '`access_profile`: it was a membership that ended or gives less' })
  reason!: string

  @ApiProperty({ type: String, nullable: true, description: 'Why, in words' })
  comment!: string | null

  @ApiProperty(actor)
  actor!: { type: string; id: string }
}

export class ExtensionView {
  @ApiProperty({ type: 'integer', description: 'How many times it was extended' })
  count!: number

  @ApiProperty({ type: 'integer', nullable: true, description: 'How many more are allowed; null: no limit' })
  remaining!: number | null

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'No extension reaches beyond; null: no limit',
  })
  until!: string | null
}

export class TimelineEntry {
  @ApiProperty({ enum: ['created', 'activated', 'extended', 'expired', 'revoked'], description: 'What happened' })
  event!: string

  @ApiProperty({ type: String, format: 'date-time', description: 'When' })
  at!: string

  @ApiProperty(actor)
  actor!: { type: string; id: string }

  @ApiProperty({ type: String, required: false, description: 'Why, where it was said; of a revocation the code' })
  reason?: string

  @ApiProperty({ type: String, required: false, description: 'Why, in words, of a revocation' })
  comment?: string

  @ApiProperty({ type: String, format: 'date-time', required: false, description: 'The new end, of an extension' })
  expires_at?: string
}

/** A grant as seed and contract give it (native-v1, section 3). */
export class GrantView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The access request that made it; null for one made by hand',
  })
  request_id!: string | null

  @ApiProperty({ type: String, description: 'The identity that has the access' })
  grantee_id!: string

  @ApiProperty({ type: ResourceRef, description: 'What it gives access to' })
  resource!: ResourceRef

  @ApiProperty({ type: String, description: 'What may be done with it' })
  action!: string

  @ApiProperty({
    enum: statuses,
    description:
      'At the moment of reading. A scheduled grant is not in force: its `state` tells it from an expired one',
  })
  status!: GrantStatus

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the access ends or ended; null: when it is revoked',
  })
  expires_at!: string | null

  @ApiProperty({ type: String, format: 'date-time', description: 'When the access was given' })
  granted_at!: string

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: it was not' })
  revoked_at!: string | null

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What its maker keeps with it' })
  metadata!: Record<string, unknown>

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string

  @ApiProperty({ enum: ['scheduled', ...statuses], description: 'The finer state, at the moment of reading' })
  state!: 'scheduled' | GrantStatus

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The entitlement that says resource and action, where it was made by one',
  })
  entitlement_id!: string | null

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The access profile whose membership gives it; null: none',
  })
  access_profile_id!: string | null

  @ApiProperty({ type: String, nullable: true, description: "Its maker's own id for it" })
  external_id!: string | null

  @ApiProperty({ enum: provisioningStatuses, description: 'How far the target system has carried it out' })
  provisioning_status!: string

  @ApiProperty({ type: String, format: 'date-time', description: 'When the access begins or began' })
  starts_at!: string

  @ApiProperty({ type: RevokeView, nullable: true, description: 'null: it was not revoked' })
  revoke!: RevokeView | null

  @ApiProperty({ type: ExtensionView, description: 'How often it was extended, and may be' })
  extension!: ExtensionView

  @ApiProperty({ type: [TimelineEntry], description: 'What happened to it, in order' })
  timeline!: TimelineEntry[]

  @ApiProperty({ type: 'integer', description: 'Counts the writes; the ETag' })
  version!: number
}

export class GrantPage extends pageOf(GrantView) {}

export class RevocationError {
  @ApiProperty({ type: String, example: 'invalid_state', description: 'One of the codes of errors' })
  code!: string

  @ApiProperty({ type: String, description: 'What was wrong' })
  message!: string
}

export class RevocationItem {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ enum: ['revoked', 'failed'], description: 'What came of it' })
  outcome!: 'revoked' | 'failed'

  @ApiProperty({ type: GrantView, required: false, description: 'The revoked grant' })
  grant?: GrantView

  @ApiProperty({ type: RevocationError, required: false, description: 'Why it was not revoked' })
  error?: RevocationError
}

export class RevocationReport {
  @ApiProperty({ type: [RevocationItem], description: 'One for each grant' })
  items!: RevocationItem[]

  @ApiProperty({ type: Boolean, description: 'More grants match the selection than one call revokes; call again' })
  has_more!: boolean
}
