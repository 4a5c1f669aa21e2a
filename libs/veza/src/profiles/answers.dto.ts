import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger'
import { conditionType, createdFrom, grantBy, profileState, versionState, type Enumeration } from '../enums.ts'
import { valueOf, valuesOf } from '../paging.ts'
import { CatalogItem } from './profiles.dto.ts'

/** An enum in an answer: by name, or by number where the request asks for it. */
export const EnumValue = (values: Enumeration): PropertyDecorator =>
  ApiProperty({
    oneOf: [
      { type: 'string', enum: Object.keys(values) },
      { type: 'integer', enum: Object.values(values) },
    ],
  } as ApiPropertyOptions)

const Words = (description?: string): PropertyDecorator =>
  ApiProperty({ type: String, ...(description && { description }) })
const Truth = (): PropertyDecorator => ApiProperty({ type: Boolean })
const Moment = (): PropertyDecorator => ApiProperty({ type: String, format: 'date-time' })
const MomentOrNull = (description?: string): PropertyDecorator =>
  ApiProperty({ type: String, format: 'date-time', nullable: true, ...(description && { description }) })
const List = (): PropertyDecorator => ApiProperty({ type: [String] })
const Whole = (description: string): PropertyDecorator => ApiProperty({ type: 'integer', description })
const Extra = (description: string): PropertyDecorator =>
  ApiProperty({ type: String, required: false, description: `With \`entity_extra_info\`: ${description}` })

const free = { type: 'object', additionalProperties: true } as const

export class EntityCondition {
  @EnumValue(conditionType) type!: string
  @Words() condition_string!: string
}

export class EntityView {
  @Words() entity_type!: string
  @Words() datasource_id!: string
  @Words() entity_id!: string
  @Words() assigned_to_entity_type!: string
  @Words() assigned_to_entity_id!: string
  @Extra('the id of the source') extraction_datasource_id?: string
  @Extra('the id of the source') provider_id?: string
  @Extra('the external id of the source') provider_external_id?: string
  @Extra('the name of the entitlement') entity_name?: string
  @Extra('the value of the entitlement') native_id?: string
  @EnumValue(grantBy) grant_by!: string
  @Truth() created_by_access_profile!: boolean
  @ApiProperty(free) custom_properties!: object
  @ApiProperty({ ...free, nullable: true }) sync_identity_action!: object | null
  @ApiProperty({ type: EntityCondition, nullable: true }) condition!: EntityCondition | null
  @Words('Always empty') create_entitlement_detail_id!: string
  @MomentOrNull('null when the entitlement was deleted since') created_at!: string | null
}

export class VersionView {
  @Words() access_profile_id!: string
  @Whole('Its number among the versions of the profile') version_number!: number
  @EnumValue(versionState) state!: string
  @ApiProperty({ type: [EntityView] }) entities_to_create_relationships_to!: EntityView[]
  @List() inherit_entities_from_access_profiles!: string[]
  @ApiProperty({ type: [String], description: 'The first 100 members; their list has all of them' }) members!: string[]
  @Words('Always empty') rbac_id!: string
  @Words() access_request_policy_id!: string
  @Words() application_datasource_id!: string
  @ApiProperty({ ...free, nullable: true }) application_sync_identity_action!: object | null
  @Words() created_by!: string
  @Moment() created_at!: string
  @Moment() updated_at!: string
  @Words() published_by!: string
  @MomentOrNull() published_at!: string | null
}

export class MemberView {
  @Words() access_profile_id!: string
  @Words() access_profile_name!: string
  @Words() identity_id!: string
  @Words() identity_name!: string
  @EnumValue(createdFrom) created_from!: string
  @Words('Always empty') workflow!: string
}

export class ProfileView {
  @ApiProperty({ type: String, format: 'uuid' }) id!: string
  @Words() name!: string
  @Words() description!: string
  @EnumValue(profileState) state!: string
  @Words('The id of its type') profile_type!: string
  @Whole('The published version; 0 for none') current_version_number!: number
  @Whole('The draft; 0 for none') draft_version_number!: number
  @Truth() used_by_workflow!: boolean
  @List() integrations!: string[]
  @ApiProperty({ type: VersionView, nullable: true }) current_version!: VersionView | null
  @List() access_profiles_inherited!: string[]
  @List() access_profiles_inherited_by!: string[]
  @Truth() inherits_from_other_profiles!: boolean
  @Truth() inherited_by_other_profiles!: boolean
  @List() labels!: string[]
  @List() provider_ids!: string[]
  @List() provider_external_ids!: string[]
  @List() datasource_ids!: string[]
  @Words('Always empty') rbac_id!: string
  @ApiProperty({ type: [MemberView], description: 'The first 100 members; their list has all of them' })
  member_details!: MemberView[]
  @Truth() requestable!: boolean
  @Truth() require_approval_to_start!: boolean
  @MomentOrNull() started_at!: string | null
  @Words() started_by!: string
  @ApiProperty({ type: CatalogItem, nullable: true }) catalog_item_info!: CatalogItem | null
  @Words() access_request_policy_id!: string
  @ApiProperty({ type: 'array', items: free }) created_entitlements!: object[]
  @MomentOrNull() last_synced_at!: string | null
  @Truth() sync_allowed!: boolean
  @List() last_sync_job_ids!: string[]
  @Words('Always empty') identity_created_by!: string
  @Words('Always empty') last_sync_error_message!: string
  @Words('Always empty') profile_type_rbac_id!: string
  @Words() created_by!: string
  @Moment() created_at!: string
  @Moment() updated_at!: string
  @ApiProperty(free) custom_properties!: object
}

export class ProfileValue extends valueOf(ProfileView) {}
export class VersionValue extends valueOf(VersionView) {}
export class VersionValues extends valuesOf(VersionView) {}
export class MemberValues extends valuesOf(MemberView) {}

export class ProfileValues extends valuesOf(ProfileView) {
  @ApiProperty({
    type: [EntityView],
    required: false,
    description: 'With `entity_extra_info`: the entities of the profiles of this page, each once',
  })
  entities_to_create_relationships_to?: EntityView[]
}

/** Members are added and removed at once: no access request stands between. */
export class MembersUpdated {
  @Words('Always empty') access_request_id!: string
  @Words('Always empty: what cannot be done is refused whole') access_request_error_message!: string
}
