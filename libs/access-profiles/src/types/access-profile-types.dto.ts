import { ApiProperty, PartialType } from '@nestjs/swagger'
import { stored } from '#directory'
import { Flag, Id, IdList, JsonObjectList, listQuery, OneOf, pageOf, Text, Whole } from '#platform'
import { typeFields } from './access-profile-types.fields.ts'

export const onCreateBehaviors = ['draft', 'published', 'running'] as const
export type OnCreateBehavior = (typeof onCreateBehaviors)[number]

const mostSeconds = 2_147_483_647

export class CreateAccessProfileType {
  @Text({ description: 'No two types have the same, whatever its case', example: 'Single application' })
  name!: string

  @Text({
    description: 'What profiles of this type are for',
    max: 4096,
    min: 0,
    multiline: true,
    optional: true,
    nullable: true,
    example: 'Access to one application',
  })
  description?: string | null

  @Flag({ description: 'Whether its profiles give entitlements of their own; true when left out', optional: true })
  allow_create_relationships?: boolean

  @Flag({ description: 'Whether its profiles inherit from others; true when left out', optional: true })
  allow_inherit_entities?: boolean

  @IdList({
    description: 'The types of the profiles that its profiles inherit from; none: of every type',
    optional: true,
    max: 100,
  })
  allow_inherited_from_types?: string[]

  @Flag({ description: 'Whether all that a profile gives belongs to one source', optional: true })
  require_single_datasource?: boolean

  @Flag({ description: 'Whether all that a profile gives belongs to sources of one connector', optional: true })
  require_single_integration?: boolean

  @Flag({
    description:
      'Whether the names of its profiles begin with their connector, in capitals and a colon; it is put there when it is missing. Needs `require_single_integration`',
    optional: true,
  })
  add_integration_prefix_to_access_profile_names?: boolean

  @Whole({
    description: 'How many entitlements a profile gives at most, inherited ones included; null: any number',
    min: 1,
    max: 1_000_000,
    optional: true,
    nullable: true,
  })
  max_entitlements?: number | null

  @Flag({ description: 'Whether its profiles give no entitlements at all, but an application', optional: true })
  no_entitlements?: boolean

  @Flag({
    description:
      'Kept for provisioning: an entitlement is to be made for each profile. Needs `require_single_integration`',
    optional: true,
  })
  create_entitlement_based_on_profile?: boolean

  @JsonObjectList({ description: 'Kept for provisioning: the entitlements to be made', optional: true, max: 100 })
  create_entitlements?: Record<string, unknown>[]

  @OneOf({
    description:
      'How its profiles begin: as a draft, published but paused, or running; null: as each says. One that asks for something else is refused',
    optional: true,
    nullable: true,
    of: onCreateBehaviors,
  })
  on_create_behavior?: OnCreateBehavior | null

  @Text({
    description: 'What to know when making such a profile, in Markdown',
    max: 65_536,
    min: 0,
    multiline: true,
    optional: true,
    nullable: true,
  })
  instructions?: string | null

  @Whole({
    description: 'Kept for provisioning: after how many seconds profiles are synchronized again',
    min: 0,
    max: mostSeconds,
    optional: true,
  })
  time_before_sync_check_in_seconds?: number

  @Id({ description: 'The policy that decides about requests for its profiles', optional: true, nullable: true })
  access_request_policy_id?: string | null

  @Flag({ description: 'Whether a profile may name another policy; true when left out', optional: true })
  allow_overwrite_of_access_request_policy?: boolean

  @Flag({
    description: 'Kept for provisioning: whether what a new version no longer gives is taken from members',
    optional: true,
  })
  remove_entitlement_on_member_upon_update?: boolean
}

export class UpdateAccessProfileType extends PartialType(CreateAccessProfileType, { skipNullProperties: false }) {}

export type AccessProfileTypeFields = Required<CreateAccessProfileType>

/** The fields of a new type that were not given. */
export const typeDefaults = {
  description: null,
  allow_create_relationships: true,
  allow_inherit_entities: true,
  allow_inherited_from_types: [],
  require_single_datasource: false,
  require_single_integration: false,
  add_integration_prefix_to_access_profile_names: false,
  max_entitlements: null,
  no_entitlements: false,
  create_entitlement_based_on_profile: false,
  create_entitlements: [],
  on_create_behavior: null,
  instructions: null,
  time_before_sync_check_in_seconds: 0,
  access_request_policy_id: null,
  allow_overwrite_of_access_request_policy: true,
  remove_entitlement_on_member_upon_update: true,
} satisfies Omit<AccessProfileTypeFields, 'name'>

export class AccessProfileType extends stored(CreateAccessProfileType, typeDefaults) {
  @ApiProperty({ type: Boolean, description: 'Every tenant has it, and it cannot be changed' })
  built_in!: boolean

  @ApiProperty({ type: String, description: 'Who made it: the id of a credential or of an identity' })
  created_by!: string
}

export class AccessProfileTypeQuery extends listQuery(typeFields) {}
export class AccessProfileTypePage extends pageOf(AccessProfileType) {}
