import type { NewAccessProfile, UpdateAccessProfile, UpdateVersion, VersionChange } from '#access-profiles'
import { maskedFields } from '../update-mask.ts'
import { policyId, present } from '../wire.ts'
import type { Known, KnownEntity } from './entities.pipe.ts'
import { unnamedType } from './version.fields.ts'
import type { CreateProfile, UpdateProfile, VersionContents } from './profiles.dto.ts'
import type { UpdateVersionBody } from './versions.dto.ts'

type Fields = Omit<CreateProfile, keyof VersionContents>

/** A new profile in the domain's words. */
export function newProfile(body: Known<CreateProfile>): NewAccessProfile {
  const { state } = body
  return {
    ...(profileFields(body) as Pick<NewAccessProfile, 'name'>),
    ...contents(body),
    // Without a state the type decides, or what there is to give.
    ...(state !== undefined && { publish: true }),
  }
}

/** What is empty is not there, in the domain. */
const cleared = {
  name: undefined,
  description: '',
  state: undefined,
  profile_type: undefined,
  labels: [],
  require_approval_to_start: false,
  access_request_policy_id: '',
  catalog_item_info: null,
  created_entitlements: [],
  custom_properties: {},
} satisfies { readonly [Field in keyof Fields]: Fields[Field] | undefined }

export function profilePatch(body: UpdateProfile, updateMask: string | undefined): UpdateAccessProfile {
  return profileFields(maskedFields<Partial<Fields>>(body, updateMask, cleared))
}

const clearedVersion = {
  entities_to_create_relationships_to: [],
  inherit_entities_from_access_profiles: [],
  access_request_policy_id: '',
  application_datasource_id: '',
  application_sync_identity_action: null,
  state: undefined,
}

export function versionChange(body: Known<UpdateVersionBody>, updateMask: string | undefined): VersionChange {
  const given = maskedFields<Known<UpdateVersionBody>>(body, updateMask, clearedVersion)
  return {
    ...contents(given),
    ...(given.access_request_policy_id !== undefined && {
      access_request_policy_id: policyId(given.access_request_policy_id),
    }),
    ...(given.state !== undefined && { state: given.state.toLowerCase() as VersionChange['state'] }),
  }
}

function profileFields(given: Partial<Fields>): UpdateAccessProfile {
  const { description, state, profile_type, access_request_policy_id, catalog_item_info, ...same } = given
  const { name, labels, require_approval_to_start, created_entitlements, custom_properties } = same
  return present({
    name,
    labels,
    require_approval_to_start,
    created_entitlements,
    custom_properties,
    description: description === '' ? null : description,
    state: state?.toLowerCase() as 'running' | 'paused' | undefined,
    type_id: profile_type,
    access_request_policy_id: access_request_policy_id === undefined ? undefined : policyId(access_request_policy_id),
    catalog_item: catalog_item_info as Record<string, unknown> | null | undefined,
  })
}

function contents(given: Partial<Known<VersionContents>>): UpdateVersion {
  const { application_datasource_id: application } = given
  return present({
    entitlements: given.entities_to_create_relationships_to?.map(givenEntitlement),
    inherits: given.inherit_entities_from_access_profiles,
    application_datasource_id: application === '' ? null : application,
    application_sync_identity_action: given.application_sync_identity_action as
      Record<string, unknown> | null | undefined,
  })
}

/** An entity is named as the client named it, so that it reads back what it wrote; what it reads as anyway is not kept. */
function givenEntitlement(entity: KnownEntity): { entitlement_id: string; details: Record<string, unknown> } {
  const { entity_type, datasource_id, entity_id, assigned_to_entity_type, assigned_to_entity_id } = entity
  const { id, source_id, external_id, type, attribute } = entity.entitlement
  const { grant_by, created_by_access_profile, custom_properties, sync_identity_action, condition } = entity
  return {
    entitlement_id: id,
    details: present({
      entity_type: entity_type === (type ?? attribute ?? unnamedType) ? undefined : entity_type,
      datasource_id: datasource_id === source_id ? undefined : datasource_id,
      entity_id: entity_id === (external_id ?? id) ? undefined : entity_id,
      assigned_to_entity_type: assigned_to_entity_type === '' ? undefined : assigned_to_entity_type,
      assigned_to_entity_id: assigned_to_entity_id === '' ? undefined : assigned_to_entity_id,
      grant_by: grant_by === 'UNSPECIFIED' ? undefined : grant_by,
      created_by_access_profile: created_by_access_profile === true ? true : undefined,
      custom_properties: Object.keys(custom_properties ?? {}).length === 0 ? undefined : custom_properties,
      sync_identity_action: sync_identity_action ?? undefined,
      condition: condition ?? undefined,
    }),
  }
}
