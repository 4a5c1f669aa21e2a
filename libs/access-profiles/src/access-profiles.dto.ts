import { ApiProperty, PartialType } from '@nestjs/swagger'
import { stored } from '#directory'
import {
  Flag,
  Id,
  IdList,
  JsonObject,
  JsonObjectList,
  Nested,
  NestedList,
  OneOf,
  Text,
  TextList,
  listQuery,
  pageOf,
} from '#platform'
import { givenFilter, profileFilter } from './access-profiles.filter.fields.ts'
import { AdditionalOwner, RequestConfig, RevocationConfig } from './request-config.dto.ts'

export const longestDescription = 2000
export const mostEntitlements = 10_000

/** An entitlement, as a version gives it. */
export class GivenEntitlement {
  @Id({ description: 'The entitlement' })
  entitlement_id!: string

  @JsonObject({ description: 'How it is given; when left out, it stays as it was', optional: true })
  details?: Record<string, unknown>
}

/** What a version gives. */
export class VersionContents {
  @NestedList(() => GivenEntitlement, {
    description: 'The entitlements that it gives itself, in order, each once',
    optional: true,
    max: mostEntitlements,
  })
  entitlements?: GivenEntitlement[]

  @IdList({ description: 'The profiles whose entitlements it gives as well, in order', optional: true, max: 500 })
  inherits?: string[]

  @Text({
    description: 'The application that it gives as a whole, where there are no entitlements to name',
    optional: true,
    nullable: true,
    example: 'okta:0oa1b2c3d4',
  })
  application_datasource_id?: string | null

  @JsonObject({
    description: 'How the identity is made known to that application',
    optional: true,
    nullable: true,
  })
  application_sync_identity_action?: Record<string, unknown> | null
}

export class CreateAccessProfile extends VersionContents {
  @Text({ description: 'No two profiles have the same, whatever its case', max: 256, example: 'Database on call' })
  name!: string

  @Text({
    description: 'What it is for. At most 2,000 characters; a longer one of before stays until it is changed',
    max: longestDescription,
    min: 0,
    multiline: true,
    optional: true,
    nullable: true,
    example: 'What whoever is on call for the databases needs',
  })
  description?: string | null

  @Id({ description: 'The identity that answers for it', optional: true, nullable: true })
  owner_id?: string | null

  @Id({
    description:
      'The source to which all of its own entitlements belong. When it is left out or null: the one source that they have, or none',
    optional: true,
    nullable: true,
  })
  source_id?: string | null

  @Id({ description: 'What kind of profile it is', optional: true, nullable: true })
  type_id?: string | null

  @OneOf({
    description:
      'Only a running profile gives anything. Of a new one, when left out: running if there is something it could give',
    optional: true,
    of: ['running', 'paused'],
  })
  state?: 'running' | 'paused'

  @TextList({ description: 'Words to find it by', optional: true, max: 100 })
  labels?: string[]

  @Flag({ description: 'Whether people may ask for it', optional: true })
  requestable?: boolean

  @Nested(() => RequestConfig, { description: 'What asking for it takes', optional: true, nullable: true })
  request_config?: RequestConfig | null

  @Nested(() => RevocationConfig, { description: 'What taking it away takes', optional: true, nullable: true })
  revocation_config?: RevocationConfig | null

  @JsonObject({
    description:
      'Which account of a person it goes to, when there are several: a tree of at most three levels. `EQUALS`, `NOT_EQUALS` and `CONTAINS` have an `attribute` and a `value`, `HAS` has an `attribute`, `AND` and `OR` have `children`',
    optional: true,
    nullable: true,
    example: { operation: 'EQUALS', attribute: 'department', value: 'data' },
  })
  provisioning_criteria?: Record<string, unknown> | null

  @NestedList(() => AdditionalOwner, { description: 'Who answers for it beside the owner', optional: true, max: 100 })
  additional_owners?: AdditionalOwner[]

  @JsonObject({ description: 'What SailPoint knows of it beyond the fields here', optional: true, nullable: true })
  access_model_metadata?: Record<string, unknown> | null

  @JsonObject({ description: 'How a catalogue shows it', optional: true, nullable: true })
  catalog_item?: Record<string, unknown> | null

  @JsonObject({ description: 'Anything of yours, kept and returned', optional: true })
  custom_properties?: Record<string, unknown>

  @Flag({ description: 'Kept and returned: here whoever may change a profile may start it', optional: true })
  require_approval_to_start?: boolean

  @Id({ description: 'The policy that decides about requests for it', optional: true, nullable: true })
  access_request_policy_id?: string | null

  @JsonObjectList({ description: 'The entitlements that are made for it', optional: true, max: 100 })
  created_entitlements?: Record<string, unknown>[]

  @IdList({ description: 'The segments whose people see it; none: everybody does', optional: true, max: 1000 })
  segment_ids?: string[]

  @Text({
    description: 'Its name in the system it comes from; no two profiles have the same',
    optional: true,
    nullable: true,
    max: 512,
    example: 'team:database-on-call',
  })
  external_id?: string | null
}

export class NewAccessProfile extends CreateAccessProfile {
  @Flag({
    description: 'false: what it gives is a draft, to be published later. true when left out',
    optional: true,
  })
  publish?: boolean
}

export class UpdateAccessProfile extends PartialType(CreateAccessProfile, { skipNullProperties: false }) {}

/** The name that a client takes something to have which a profile refers to: refused when it is called otherwise. */
export interface ExpectedName {
  /** Where in the client's body. */
  readonly field: string
  readonly kind: 'identity' | 'group'
  readonly id: string
  readonly name: string
}

export interface ProfileInput extends NewAccessProfile {
  readonly expected?: readonly ExpectedName[]
}

export interface ProfileChange extends UpdateAccessProfile {
  readonly expected?: readonly ExpectedName[]
}

/** The fields of a new profile that were not given. */
export const profileDefaults = {
  description: null,
  owner_id: null,
  source_id: null,
  type_id: null,
  state: 'paused',
  labels: [],
  requestable: true,
  request_config: null,
  revocation_config: null,
  provisioning_criteria: null,
  additional_owners: [],
  access_model_metadata: null,
  catalog_item: null,
  custom_properties: {},
  require_approval_to_start: false,
  access_request_policy_id: null,
  created_entitlements: [],
  segment_ids: [],
  external_id: null,
} as const satisfies Partial<Required<CreateAccessProfile>>

/** What a version gives that nothing was said of. */
export const nothingGiven = {
  entitlements: [],
  inherits: [],
  application_datasource_id: null,
  application_sync_identity_action: null,
} as const satisfies Required<VersionContents>

/** A profile as it is read and kept: what it gives is what its published version gives. */
export class AccessProfile extends stored(CreateAccessProfile, { ...profileDefaults, ...nothingGiven }) {
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Since when it runs' })
  started_at!: string | null

  @ApiProperty({ type: String, nullable: true, description: 'The credential that started it' })
  started_by!: string | null

  @ApiProperty({ type: String, description: 'The credential that made it' })
  created_by!: string

  @ApiProperty({ type: 'integer', nullable: true, description: 'The number of the published version' })
  published_version!: number | null

  @ApiProperty({ type: 'integer', nullable: true, description: 'The number of the draft' })
  draft_version!: number | null
}

export class ProfileUserView {
  @ApiProperty({
    enum: ['access_profile', 'identity'],
    description: 'Whether it is an access profile that inherits this one, or a person who is assigned to it',
  })
  type!: 'access_profile' | 'identity'

  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string
}

export class ProfileUsage {
  @ApiProperty({ type: Boolean, description: 'Whether anything keeps it from being deleted' })
  in_use!: boolean

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many profiles inherit from it' })
  access_profiles!: number

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many people hold it' })
  members!: number

  @ApiProperty({ type: [ProfileUserView], maxItems: 50, description: 'The first 50 of them' })
  users!: ProfileUserView[]
}

export class ProfileReference {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string
}

export class ProfileEntitlement {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The source that it is of' })
  source_id!: string

  @ApiProperty({ type: Boolean, description: 'Whether the source calls it privileged' })
  privileged!: boolean

  @ApiProperty({ type: Boolean, description: 'Whether members get a grant of it: it says what may be done' })
  grantable!: boolean

  @ApiProperty({
    type: [ProfileReference],
    description: 'The profiles that it comes from: this one, or inherited ones',
  })
  from!: ProfileReference[]
}

export class AccessProfilePage extends pageOf(AccessProfile) {}
export class ProfileEntitlementPage extends pageOf(ProfileEntitlement) {}

export class ProfileEntitlementQuery extends listQuery(givenFilter) {}

export class AccessProfileQuery extends listQuery(profileFilter) {
  @Text({ description: 'Only the one with this external id', optional: true, max: 512 })
  external_id?: string

  @Text({ description: 'Only the one with this name', optional: true })
  name?: string

  @Id({ description: 'Only those of this source', optional: true })
  source_id?: string

  @Id({ description: 'Only those of this owner', optional: true })
  owner_id?: string
}
