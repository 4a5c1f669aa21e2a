import { ApiProperty, PartialType } from '@nestjs/swagger'
import type { BoundFilter, BoundSort } from '#filter'
import { sourceFeatures, type SourceFeature } from '#directory'
import {
  Filter,
  Flag,
  JsonObject,
  JsonObjectList,
  Nested,
  OneOf,
  QueryFlag,
  ReadOnly,
  SetOf,
  Sort,
  Text,
  Whole,
} from '#platform'
import { CollectionQuery } from '../../paging.ts'
import { GovernanceGroupReference, IdentityReference } from '../references.dto.ts'
import { sourceFields } from './sources.fields.ts'

const unset = { optional: true, nullable: true }

export const sourceStates = [
  'SOURCE_STATE_ERROR_ACCOUNT_FILE_IMPORT',
  'SOURCE_STATE_ERROR_CLUSTER',
  'SOURCE_STATE_ERROR_SOURCE',
  'SOURCE_STATE_ERROR_VA',
  'SOURCE_STATE_FAILURE_CLUSTER',
  'SOURCE_STATE_FAILURE_SOURCE',
  'SOURCE_STATE_HEALTHY',
  'SOURCE_STATE_UNCHECKED_CLUSTER',
  'SOURCE_STATE_UNCHECKED_CLUSTER_NO_SOURCES',
  'SOURCE_STATE_UNCHECKED_SOURCE',
  'SOURCE_STATE_UNCHECKED_SOURCE_NO_ACCOUNTS',
] as const

/** A source as SailPoint writes it, in bodies and in answers. What the server sets is ignored in a body. */
export class Source {
  @ReadOnly({ description: 'Its id', type: { type: String } })
  id?: string

  @Text({ description: 'No two sources have the same', example: 'Payroll directory' })
  name!: string

  @Text({ description: 'What the source is', min: 0, max: 4096, multiline: true, ...unset, example: 'People and pay' })
  description?: string | null

  @Nested(() => IdentityReference, { open: true, description: 'Who answers for it', nullable: true })
  owner!: IdentityReference | null

  @JsonObject({ description: 'The cluster that reaches it', ...unset })
  cluster?: object | null

  @JsonObject({ description: 'How its accounts find their identities', ...unset })
  accountCorrelationConfig?: object | null

  @JsonObject({ description: 'The rule by which its accounts find their identities', ...unset })
  accountCorrelationRule?: object | null

  @JsonObject({ description: 'How its accounts tell managers', ...unset })
  managerCorrelationMapping?: object | null

  @JsonObject({ description: 'The rule by which its accounts tell managers', ...unset })
  managerCorrelationRule?: object | null

  @JsonObject({ description: 'The rule that runs before provisioning', ...unset })
  beforeProvisioningRule?: object | null

  @JsonObjectList({ description: 'References to its schemas', max: 100, optional: true })
  schemas?: object[]

  @JsonObjectList({ description: 'References to its password policies', max: 100, ...unset })
  passwordPolicies?: object[] | null

  @SetOf({ description: 'What its connector can do', of: sourceFeatures, optional: true, example: ['PROVISIONING'] })
  features?: SourceFeature[]

  @Text({ description: 'What the product calls itself; by default its connector', optional: true })
  type?: string

  @Text({
    description: 'Its connector',
    max: 64,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_. -]*$/,
    example: 'aws',
  })
  connector!: string

  @Text({ description: 'The class of its connector', min: 0, optional: true })
  connectorClass?: string

  @JsonObject({ description: 'The settings of its connector', optional: true, example: { healthCheckTimeout: 30 } })
  connectorAttributes?: Record<string, unknown>

  @Whole({
    description: 'The part of its accounts that may vanish at once, in percent',
    min: 0,
    max: 100,
    optional: true,
  })
  deleteThreshold?: number

  @Flag({ description: 'Whether identities are made from its accounts', optional: true })
  authoritative?: boolean

  @Nested(() => GovernanceGroupReference, {
    open: true,
    description: 'The group whose members administer it',
    ...unset,
  })
  managementWorkgroup?: GovernanceGroupReference | null

  @Flag({ description: 'Whether it was reached when it was last tried', optional: true })
  healthy?: boolean

  @OneOf({ description: 'How it is', of: sourceStates, optional: true })
  status?: string

  @Text({ description: 'Since when it is so', optional: true })
  since?: string

  @Text({ description: 'The id of its connector', optional: true })
  connectorId?: string

  @Text({ description: 'The name of its connector', optional: true })
  connectorName?: string

  @Text({ description: 'How it is reached: `direct` or `file`', optional: true })
  connectionType?: string

  @Text({ description: 'The id of what implements its connector', optional: true })
  connectorImplementationId?: string

  @ReadOnly({ description: 'When it was made', type: { type: String, format: 'date-time' } })
  created?: string

  @ReadOnly({ description: 'When it was last changed', type: { type: String, format: 'date-time' } })
  modified?: string

  @Flag({ description: 'Whether a credential provider knows its secrets', optional: true })
  credentialProviderEnabled?: boolean

  @Text({ description: 'What kind of source it is', ...unset })
  category?: string | null
}

/** What a patch has changed of a source. */
export class SourceChange extends PartialType(Source, { skipNullProperties: false }) {}

export class SourceQuery extends CollectionQuery {
  @Filter(sourceFields, { language: 'sailpoint', emptyIsNone: true })
  filters?: BoundFilter

  @Sort(sourceFields, { emptyIsNone: true })
  sorters?: BoundSort

  @Text({
    description:
      'Only the sources of this sub-administrator: the id of an identity, or `me`. One of them has to say `me`',
    optional: true,
    max: 64,
  })
  'for-subadmin'?: string

  @QueryFlag({ description: 'Whether the source of the server itself stands in the list; there is none' })
  includeIDNSource: boolean = false
}

export class CreateSourceQuery {
  @QueryFlag({ description: 'Whether it is a file of comma-separated values: its type is then `DelimitedFile`' })
  provisionAsCsv: boolean = false
}

/** What became of a request that an asynchronous server would still be working on. */
export class TaskReference {
  @ApiProperty({ enum: ['TASK_RESULT'] })
  type!: 'TASK_RESULT'

  @ApiProperty({ type: String, description: 'For `GET /task-status/{id}`' })
  id!: string

  @ApiProperty({ type: String, nullable: true })
  name!: string | null
}
