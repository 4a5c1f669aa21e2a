import { longestDescription, mostEntitlements } from '#access-profiles'
import type { BoundFilter, BoundSort } from '#filter'
import { ApiProperty, PartialType } from '@nestjs/swagger'
import {
  Filter, Flag, Id, IdList, Nested, NestedList, OneOf, ReadOnly, Sort, Text,
} from '#platform' // prettier-ignore
import { CollectionQuery } from '../paging.ts'
import { ForSegmentIds, IncludeUnsegmented, type SegmentQuery } from '../segment-query.ts'
import { profileFields } from './access-profiles.fields.ts'
import { Requestability, Revocability } from './approval.dto.ts'
import { ProvisioningCriteriaLevel1 } from './criteria.dto.ts'
import { AttributeDTOList } from './metadata.dto.ts'

const unset = { optional: true, nullable: true }
const instant = { type: String, format: 'date-time' }

export class OwnerReference {
  @OneOf({ description: 'Always IDENTITY', of: ['IDENTITY'], ...unset })
  type?: string | null

  @Id({ description: 'The identity', dashes: 'optional', example: '019a0000000070008000000000000001' })
  id!: string

  @Text({ description: 'Its name as it is now; in a request it may be left out, and must be right', min: 0, ...unset })
  name?: string | null
}

export class AccessProfileSourceRef {
  @Id({ description: 'The source', dashes: 'optional', example: '019a0000000070008000000000000100' })
  id!: string

  @OneOf({ description: 'Always SOURCE', of: ['SOURCE'], ...unset })
  type?: string | null

  @Text({ description: 'Its name as it is now; nothing is done with it in a request', min: 0, max: 4096, ...unset })
  name?: string | null
}

export class EntitlementRef {
  @OneOf({ description: 'Always ENTITLEMENT', of: ['ENTITLEMENT'], ...unset })
  type?: string | null

  @Id({ description: 'The entitlement', dashes: 'optional', example: '019a0000000070008000000000000201' })
  id!: string

  @Text({ description: 'Its name as it is now; nothing is done with it in a request', min: 0, max: 4096, ...unset })
  name?: string | null
}

export class AdditionalOwnerRef {
  @OneOf({ description: 'A person or a governance group', of: ['IDENTITY', 'GOVERNANCE_GROUP'], example: 'IDENTITY' })
  type!: 'IDENTITY' | 'GOVERNANCE_GROUP'

  @Id({ description: 'Which one', dashes: 'optional', example: '019a0000000070008000000000000002' })
  id!: string

  @Text({ description: 'Its name as it is now; in a request it may be left out, and must be right', min: 0, ...unset })
  name?: string | null
}

export class AccessProfile {
  @ReadOnly({ description: 'Its id: 32 hexadecimal digits', type: { type: String } })
  id?: string

  @Text({
    description: 'No two profiles have the same, whatever its case',
    example: 'Employee database, read and write',
  })
  name!: string

  @Text({
    description: 'What it is for. At most 2,000 characters; a longer one of before stays until it is changed',
    min: 0,
    max: longestDescription,
    multiline: true,
    example: 'Entitlements to read and write the employee database',
    ...unset,
  })
  description?: string | null

  @ReadOnly({ description: 'When it was made', type: instant })
  created?: string

  @ReadOnly({ description: 'When it was changed last', type: instant })
  modified?: string

  @Flag({
    description: 'Whether it gives anything; then it has at least one entitlement. true when left out',
    optional: true,
  })
  enabled?: boolean

  @Nested(() => OwnerReference, { description: 'Who answers for it', nullable: true, open: true })
  owner!: OwnerReference | null

  @Nested(() => AccessProfileSourceRef, {
    description:
      'The source to which all of its entitlements belong. null only of profiles that span several, which this API cannot make',
    nullable: true,
    open: true,
  })
  source!: AccessProfileSourceRef | null

  @NestedList(() => EntitlementRef, {
    description: 'What it gives, in order',
    max: mostEntitlements,
    open: true,
    ...unset,
  })
  entitlements?: EntitlementRef[] | null

  @Flag({ description: 'Whether people may ask for it. true when left out', optional: true })
  requestable?: boolean

  @Nested(() => Requestability, { description: 'What asking for it takes', open: true, ...unset })
  accessRequestConfig?: Requestability | null

  @Nested(() => Revocability, { description: 'What taking it away takes', open: true, ...unset })
  revocationRequestConfig?: Revocability | null

  @IdList({
    description: 'The segments whose people see it; none: everybody does',
    max: 1000,
    dashes: 'optional',
    ...unset,
  })
  segments?: string[] | null

  @Nested(() => ProvisioningCriteriaLevel1, {
    description: 'Which account of a person it goes to, when there are several',
    example: { operation: 'EQUALS', attribute: 'email', value: 'ada@demo.example' },
    open: true,
    ...unset,
  })
  provisioningCriteria?: ProvisioningCriteriaLevel1 | null

  @NestedList(() => AdditionalOwnerRef, {
    description: 'Who answers for it beside the owner',
    max: 100,
    open: true,
    ...unset,
  })
  additionalOwners?: AdditionalOwnerRef[] | null

  @Nested(() => AttributeDTOList, {
    description: 'Attributes of governance; a new profile has none',
    open: true,
    ...unset,
  })
  accessModelMetadata?: AttributeDTOList | null
}

/** What a patch has changed of a profile. */
export class AccessProfileChange extends PartialType(AccessProfile, { skipNullProperties: false }) {}

export class AccessProfileQuery extends CollectionQuery implements SegmentQuery {
  @Filter(profileFields, {
    language: 'sailpoint',
    emptyIsNone: true,
    example: 'name sw "On call" and created gt 2026-01-01T00:00:00Z',
  })
  filters?: BoundFilter

  @Sort(profileFields, { emptyIsNone: true })
  sorters?: BoundSort

  @Text({
    description: 'Only what this ROLE_SUBADMIN or SOURCE_SUBADMIN sees: the id of an identity, or `me`',
    optional: true,
    max: 64,
  })
  'for-subadmin'?: string

  @ForSegmentIds()
  'for-segment-ids'?: string

  @IncludeUnsegmented()
  'include-unsegmented': boolean = true
}

export class AccessProfileBulkDeleteRequest {
  @IdList({
    description: 'The profiles, at most 50',
    max: 50,
    dashes: 'optional',
    example: ['019a0000000070008000000000000500'],
  })
  accessProfileIds!: string[]

  @Flag({
    description: 'true: those in use stay and the others are deleted; otherwise none is when one of them is in use',
    optional: true,
  })
  bestEffortOnly?: boolean
}

export class AccessProfileUsedBy {
  @ApiProperty({ enum: ['ROLE'], description: 'A profile that inherits from others is a role here' })
  type!: 'ROLE'

  @ApiProperty({ type: String, description: 'Which one' })
  id!: string

  @ApiProperty({ type: String, description: 'What it is called' })
  name!: string
}

export class AccessProfileUsage {
  @ApiProperty({ type: String, description: 'The profile' })
  accessProfileId!: string

  @ApiProperty({ type: [AccessProfileUsedBy], description: 'The roles that use it' })
  usedBy!: AccessProfileUsedBy[]
}

export class AccessProfileBulkDeleteResponse {
  @ApiProperty({ type: String, required: false, description: 'The task to ask about; absent when nothing is deleted' })
  taskId?: string

  @ApiProperty({ type: [String], description: 'What is deleted' })
  pending!: string[]

  @ApiProperty({ type: [AccessProfileUsage], description: 'What is in use, and stays' })
  inUse!: AccessProfileUsage[]
}

export class AccessProfileUpdateItem {
  @ApiProperty({ type: String, description: 'The profile' })
  id!: string

  @ApiProperty({ type: Boolean, description: 'Whether people may ask for it' })
  requestable!: boolean

  @ApiProperty({ enum: ['201', '404'], description: '201: updated; 404: there is none' })
  status!: '201' | '404'

  @ApiProperty({ type: String, description: 'The same in words' })
  description!: string
}
