import { IntersectionType, OmitType, PartialType } from '@nestjs/swagger'
import {
  EnumName,
  Flag,
  Id,
  IdList,
  JsonObject,
  JsonObjectList,
  Nested,
  NestedList,
  QueryFlag,
  ReadOnly,
  Text,
  TextList,
} from '#platform'
import { conditionType, grantBy, profileState } from '../enums.ts'
import { vezaQuery } from '../paging.ts'
import { PolicyId } from '../policy-id.ts'
import { profileFields } from './profiles.fields.ts'

/** `{policy_id, name}` in Veza's documentation. Other APIs keep other members, which may be sent back as they were read. */
const Action = (): PropertyDecorator =>
  JsonObject({ description: 'Kept and returned: `policy_id` and `name`', optional: true, nullable: true })

export class Condition {
  @EnumName({ description: 'In which language it is written', of: conditionType })
  type!: string

  @Text({ description: 'The condition', max: 4096, min: 0, multiline: true })
  condition_string!: string
}

/** An entitlement, as a profile gives it: named by its datasource and its own id. */
export class Entity {
  @Text({ description: 'What kind of entity it is; kept and returned', example: 'SalesforceGroup' })
  entity_type!: string

  @Text({
    description: 'The source: its id or its external id',
    example: '019a0000-0000-7000-8000-000000000100',
  })
  datasource_id!: string

  @Text({
    description: 'The entitlement: its id, its external id or its value',
    max: 1024,
    example: '019a0000-0000-7000-8000-000000000201',
  })
  entity_id!: string

  @Text({ description: 'Kept and returned', min: 0, optional: true })
  assigned_to_entity_type?: string

  @Text({ description: 'Kept and returned', min: 0, max: 1024, optional: true })
  assigned_to_entity_id?: string

  @EnumName({ description: 'Kept and returned', of: grantBy, optional: true })
  grant_by?: string

  @Flag({ description: 'Kept and returned', optional: true })
  created_by_access_profile?: boolean

  @JsonObject({ description: 'Anything of yours, kept and returned', optional: true })
  custom_properties?: Record<string, unknown>

  @Action()
  sync_identity_action?: Record<string, unknown> | null

  @Nested(() => Condition, { description: 'Kept and returned', optional: true, nullable: true })
  condition?: Condition | null

  @ReadOnly({ description: 'The source' })
  extraction_datasource_id?: unknown

  @ReadOnly({ description: 'The source' })
  provider_id?: unknown

  @ReadOnly({ description: "The source's external id" })
  provider_external_id?: unknown

  @ReadOnly({ description: "The entitlement's name" })
  entity_name?: unknown

  @ReadOnly({ description: "The entitlement's value" })
  native_id?: unknown

  @ReadOnly({ description: 'Always empty' })
  create_entitlement_detail_id?: unknown

  @ReadOnly({ description: 'When the entitlement came to be known' })
  created_at?: unknown
}

export class CatalogItem {
  @Text({ description: 'The name in the catalogue', min: 0, optional: true })
  name?: string

  @Text({ description: 'What it is', max: 4096, min: 0, multiline: true, optional: true })
  description?: string

  @Text({ description: 'The same in Markdown', max: 65_536, min: 0, multiline: true, optional: true })
  markdown_description?: string

  @Text({ description: 'An icon', max: 65_536, min: 0, optional: true })
  icon?: string

  @Flag({ description: 'Whether it is recommended', optional: true })
  recommended?: boolean
}

/** What a version gives. */
export class VersionContents {
  @NestedList(() => Entity, { description: 'The entitlements that it gives, in order', optional: true, max: 10_000 })
  entities_to_create_relationships_to?: Entity[]

  @IdList({ description: 'The profiles whose entitlements it gives as well, in order', optional: true, max: 500 })
  inherit_entities_from_access_profiles?: string[]

  @Text({
    description: 'The application that it gives as a whole, where its type allows neither entitlements nor inheritance',
    min: 0,
    optional: true,
  })
  application_datasource_id?: string

  @Action()
  application_sync_identity_action?: Record<string, unknown> | null
}

export class CreateProfile extends VersionContents {
  @Text({ description: 'No two profiles have the same, whatever its case', example: 'Sales development' })
  name!: string

  @Text({
    description: 'What it is for',
    max: 2000,
    min: 0,
    multiline: true,
    optional: true,
    example: 'What the sales team works with',
  })
  description?: string

  @EnumName({
    description: 'Whether it runs. Left out: as its type says, or else running if there is something it could give',
    of: profileState,
    optional: true,
  })
  state?: string

  @Id({ description: 'The id of its type', example: '00000000-0000-7000-8000-000000000a01' })
  profile_type!: string

  @TextList({ description: 'Words to find it by', optional: true, max: 100 })
  labels?: string[]

  @Flag({ description: 'Kept and returned: here whoever may change a profile may start it', optional: true })
  require_approval_to_start?: boolean

  @PolicyId('The policy that decides about requests for it')
  access_request_policy_id?: string

  @Nested(() => CatalogItem, { description: 'How a catalogue shows it', optional: true, nullable: true })
  catalog_item_info?: CatalogItem | null

  @JsonObjectList({ description: 'The entitlements that are made for it; kept and returned', optional: true, max: 100 })
  created_entitlements?: Record<string, unknown>[]

  @JsonObject({ description: 'Anything of yours, kept and returned', optional: true })
  custom_properties?: Record<string, unknown>
}

/** What of a profile a client may send back as it has read it. */
class ReadProfile {
  @ReadOnly({ description: 'As in the path' })
  id?: unknown
  @ReadOnly({ description: 'The published version; 0 for none' })
  current_version_number?: unknown
  @ReadOnly({ description: 'The draft; 0 for none' })
  draft_version_number?: unknown
  @ReadOnly({ description: 'Always false' })
  used_by_workflow?: unknown
  @ReadOnly({ description: 'Of its entitlements' })
  integrations?: unknown
  @ReadOnly({ description: 'What it gives: changed by its own address' })
  current_version?: unknown
  @ReadOnly({ description: 'Of its published version' })
  access_profiles_inherited?: unknown
  @ReadOnly({ description: 'Of their published versions' })
  access_profiles_inherited_by?: unknown
  @ReadOnly({ description: 'Of its published version' })
  inherits_from_other_profiles?: unknown
  @ReadOnly({ description: 'Of their published versions' })
  inherited_by_other_profiles?: unknown
  @ReadOnly({ description: 'Of its entitlements' })
  provider_ids?: unknown
  @ReadOnly({ description: 'Of its entitlements' })
  provider_external_ids?: unknown
  @ReadOnly({ description: 'Of its entitlements' })
  datasource_ids?: unknown
  @ReadOnly({ description: 'Always empty' })
  rbac_id?: unknown
  @ReadOnly({ description: 'Changed by its own address' })
  member_details?: unknown
  @ReadOnly({ description: 'Whether people may ask for it' })
  requestable?: unknown
  @ReadOnly({ description: 'Since when it runs' })
  started_at?: unknown
  @ReadOnly({ description: 'Who started it' })
  started_by?: unknown
  @ReadOnly({ description: 'Always null' })
  last_synced_at?: unknown
  @ReadOnly({ description: 'Always false' })
  sync_allowed?: unknown
  @ReadOnly({ description: 'Always none' })
  last_sync_job_ids?: unknown
  @ReadOnly({ description: 'Always empty' })
  identity_created_by?: unknown
  @ReadOnly({ description: 'Always empty' })
  last_sync_error_message?: unknown
  @ReadOnly({ description: 'Always empty' })
  profile_type_rbac_id?: unknown
  @ReadOnly({ description: 'Who made it' })
  created_by?: unknown
  @ReadOnly({ description: 'When it was made' })
  created_at?: unknown
  @ReadOnly({ description: 'When it was last changed' })
  updated_at?: unknown
}

class ProfileFields extends OmitType(CreateProfile, [
  'entities_to_create_relationships_to',
  'inherit_entities_from_access_profiles',
  'application_datasource_id',
  'application_sync_identity_action',
] as const) {}

export class UpdateProfile extends IntersectionType(
  PartialType(ProfileFields, { skipNullProperties: false }),
  ReadProfile,
) {}

export class UpdateMaskQuery {
  @Text({
    description:
      'The fields to write, with commas between, in snake_case or camelCase; `*` for all. One that the body lacks is cleared. Left out or empty: those that the body has',
    optional: true,
    min: 0,
    max: 2048,
  })
  update_mask?: string
}

export class ProfileQuery extends vezaQuery(profileFields) {
  @QueryFlag({ description: 'Whether entities tell their names and providers, and stand beside `values` as well' })
  entity_extra_info: boolean = false

  @QueryFlag({ description: 'Taken, and makes no difference: `requestable` is always told' })
  include_requestable: boolean = false
}

export class ProfileDetailQuery {
  @QueryFlag({ description: 'Whether entities tell their names and providers' })
  entity_extra_info: boolean = false
}
