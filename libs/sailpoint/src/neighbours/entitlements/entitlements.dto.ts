import { approverTypes, durationUnits } from '#directory'
import type { BoundFilter, BoundSort } from '#filter'
import {
  Filter, Flag, Id, IdList, JsonObject, JsonObjectList, Nested, NestedList, OneOf, Sort, Text, Whole,
} from '#platform' // prettier-ignore
import { CollectionQuery } from '../../paging.ts'
import { ForSegmentIds, IncludeUnsegmented, type SegmentQuery } from '../../segment-query.ts'
import { IdentityReference } from '../references.dto.ts'
import { entitlementFields } from './entitlements.fields.ts'

const unset = { optional: true, nullable: true }

/** What a patch has changed of an entitlement. */
export class EntitlementChange {
  @Text({ description: 'Its name', optional: true })
  name?: string

  @Text({ description: 'What it is for', min: 0, max: 4096, multiline: true, ...unset })
  description?: string | null

  @Flag({ description: 'Whether people may ask for it by itself', optional: true })
  requestable?: boolean

  @Flag({ description: 'Whether it is dangerous to give', optional: true })
  privileged?: boolean

  @Nested(() => IdentityReference, { description: 'Who answers for it', open: true, ...unset })
  owner?: IdentityReference | null

  @IdList({ description: 'The segments whose people see it', max: 100, dashes: 'optional', ...unset })
  segments?: string[] | null

  @JsonObject({ description: 'Which of its fields were changed by hand', ...unset })
  manuallyUpdatedFields?: Record<string, unknown> | null
}

export class EntitlementQuery extends CollectionQuery implements SegmentQuery {
  @Filter(entitlementFields, { language: 'sailpoint', emptyIsNone: true })
  filters?: BoundFilter

  @Sort(entitlementFields, { emptyIsNone: true })
  sorters?: BoundSort

  @Text({ description: 'An account; this server keeps none, so no id is one', optional: true, max: 64 })
  'account-id'?: string

  @Text({
    description: 'Only what this identity sees by its segments: `me`, or the id of the caller',
    optional: true,
    max: 64,
  })
  'segmented-for-identity'?: string

  @ForSegmentIds()
  'for-segment-ids'?: string

  @IncludeUnsegmented()
  'include-unsegmented': boolean = true
}

export class EntitlementBulkUpdateRequest {
  @IdList({
    description: 'The entitlements, at most 50',
    max: 50,
    dashes: 'optional',
    example: ['019a0000000070008000000000000201'],
  })
  entitlementIds!: string[]

  @JsonObjectList({
    description: 'A JSON Patch, the same for each of them',
    max: 500,
    example: [{ op: 'replace', path: '/privileged', value: false }],
  })
  jsonPatch!: Record<string, unknown>[]
}

export class EntitlementApprovalScheme {
  @OneOf({ description: 'Who decides', of: approverTypes, example: 'SOURCE_OWNER' })
  approverType!: (typeof approverTypes)[number]

  @Id({ description: 'The group that decides; null for the other approvers', dashes: 'optional', ...unset })
  approverId?: string | null
}

export class EntitlementAccessDuration {
  @Whole({ description: 'How many', min: 1, max: 1_000_000, example: 30 })
  value!: number

  @OneOf({ description: 'Of what', of: durationUnits, example: 'DAYS' })
  timeUnit!: (typeof durationUnits)[number]
}

export class EntitlementAccessRequestConfig {
  @NestedList(() => EntitlementApprovalScheme, { description: 'The steps, in order', max: 100, open: true, ...unset })
  approvalSchemes?: EntitlementApprovalScheme[] | null

  @Flag({ description: 'Whether who asks must say why', ...unset })
  requestCommentRequired?: boolean | null

  @Flag({ description: 'Whether who denies must say why', ...unset })
  denialCommentRequired?: boolean | null

  @Flag({ description: 'Whether who asks must sign in again', ...unset })
  reauthorizationRequired?: boolean | null

  @Flag({ description: 'Whether who asks must name an end', ...unset })
  requireEndDate?: boolean | null

  @Nested(() => EntitlementAccessDuration, { description: 'The longest that it is given for', open: true, ...unset })
  maxPermittedAccessDuration?: EntitlementAccessDuration | null
}

export class EntitlementRevocationRequestConfig {
  @NestedList(() => EntitlementApprovalScheme, { description: 'The steps, in order', max: 100, open: true, ...unset })
  approvalSchemes?: EntitlementApprovalScheme[] | null
}

export class EntitlementRequestConfig {
  @Nested(() => EntitlementAccessRequestConfig, { description: 'What asking for it takes', open: true, ...unset })
  accessRequestConfig?: EntitlementAccessRequestConfig | null

  @Nested(() => EntitlementRevocationRequestConfig, { description: 'What taking it away takes', open: true, ...unset })
  revocationRequestConfig?: EntitlementRevocationRequestConfig | null
}
