import { ApiProperty, IntersectionType, PartialType } from '@nestjs/swagger'
import { EnumName, Flag, IdList, JsonObjectList, ReadOnly, Text, Whole, WholeOrText } from '#platform'
import { onCreateBehavior } from '../enums.ts'
import { valueOf, valuesOf, vezaQuery } from '../paging.ts'
import { PolicyId } from '../policy-id.ts'
import { EnumValue } from '../profiles/answers.dto.ts'
import { typeFields } from './types.fields.ts'

export class CreateType {
  @Text({ description: 'No two types have the same, whatever its case', example: 'Several applications' })
  name!: string

  @Text({ description: 'What profiles of this type are for', max: 4096, min: 0, multiline: true, optional: true })
  description?: string

  @Flag({ description: 'Whether its profiles inherit from others; false when left out', optional: true })
  allow_inherit_entities?: boolean

  @IdList({
    description: 'The types of the profiles that its profiles inherit from; none: of every type',
    optional: true,
    max: 100,
  })
  allow_inherited_from_types?: string[]

  @Flag({ description: 'Whether its profiles give entitlements of their own; false when left out', optional: true })
  allow_create_relationships?: boolean

  @Flag({ description: 'Whether all that a profile gives belongs to one datasource', optional: true })
  require_single_datasource?: boolean

  @Flag({ description: 'Whether all that a profile gives belongs to one integration', optional: true })
  require_single_integration?: boolean

  @Flag({
    description: 'Whether names of its profiles begin with `INTEGRATION: `. Needs `require_single_integration`',
    optional: true,
  })
  add_integration_prefix_to_access_profile_names?: boolean

  @Whole({
    description: 'How many entitlements a profile gives at most; 0: any number',
    min: 0,
    max: 1_000_000,
    optional: true,
  })
  max_entitlements?: number

  @Flag({ description: 'Kept and returned. Needs `require_single_integration`', optional: true })
  create_entitlement_based_on_profile?: boolean

  @JsonObjectList({ description: 'Kept and returned', optional: true, max: 100 })
  create_entitlements?: Record<string, unknown>[]

  @Flag({ description: 'Whether its profiles give no entitlements at all, but an application', optional: true })
  no_entitlements?: boolean

  @EnumName({ description: 'How its profiles begin; UNSPECIFIED: as each says', of: onCreateBehavior, optional: true })
  on_create_behavior?: string

  @Text({
    description: 'What to know when making such a profile, in Markdown',
    max: 65_536,
    min: 0,
    multiline: true,
    optional: true,
  })
  instructions?: string

  @WholeOrText({
    description: 'Kept and returned; a number, or a number as text',
    optional: true,
    min: 0,
    max: 2_147_483_647,
  })
  time_before_sync_check_in_seconds?: number

  @PolicyId('The policy that decides about requests for its profiles')
  access_request_policy_id?: string

  @Flag({ description: 'Whether a profile may name another policy; false when left out', optional: true })
  allow_overwrite_of_access_request_policy?: boolean

  @Flag({ description: 'Kept and returned; false when left out', optional: true })
  remove_entitlement_on_member_upon_update?: boolean
}

class ReadType {
  @ReadOnly({ description: 'As in the path' })
  id?: unknown
  @ReadOnly({ description: 'Who made it' })
  created_by?: unknown
  @ReadOnly({ description: 'When it was made' })
  created_at?: unknown
  @ReadOnly({ description: 'When it was last changed' })
  updated_at?: unknown
}

export class UpdateType extends IntersectionType(PartialType(CreateType, { skipNullProperties: false }), ReadType) {}

const Words = (): PropertyDecorator => ApiProperty({ type: String })
const Truth = (): PropertyDecorator => ApiProperty({ type: Boolean })

export class TypeView {
  @ApiProperty({ type: String, format: 'uuid' }) id!: string
  @Words() name!: string
  @Words() description!: string
  @Truth() allow_inherit_entities!: boolean
  @ApiProperty({ type: [String] }) allow_inherited_from_types!: string[]
  @Truth() allow_create_relationships!: boolean
  @Truth() require_single_datasource!: boolean
  @Truth() require_single_integration!: boolean
  @Truth() add_integration_prefix_to_access_profile_names!: boolean
  @ApiProperty({ type: 'integer', description: '0: any number' }) max_entitlements!: number
  @Truth() create_entitlement_based_on_profile!: boolean
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } }) create_entitlements!: object[]
  @Truth() no_entitlements!: boolean
  @EnumValue(onCreateBehavior) on_create_behavior!: string
  @Words() instructions!: string
  @ApiProperty({ type: String, description: 'A number, as text' }) time_before_sync_check_in_seconds!: string
  @Words() access_request_policy_id!: string
  @Truth() allow_overwrite_of_access_request_policy!: boolean
  @Truth() remove_entitlement_on_member_upon_update!: boolean
  @Words() created_by!: string
  @ApiProperty({ type: String, format: 'date-time' }) created_at!: string
  @ApiProperty({ type: String, format: 'date-time' }) updated_at!: string
}

export class TypeValue extends valueOf(TypeView) {}
export class TypeValues extends valuesOf(TypeView) {}
export class TypeQuery extends vezaQuery(typeFields) {}
