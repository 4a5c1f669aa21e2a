import {
  builtInTypes,
  type AccessProfile,
  type Contents,
  type NewAccessProfile,
  type UpdateAccessProfile,
  type UpdateVersion,
  type VersionChange,
  type VersionPatch,
} from '#access-profiles'
import { parseId } from '#kernel'
import { maskedFields } from '../update-mask.ts'
import { policyId, present } from '../wire.ts'
import type { Known, KnownEntity } from './entities.pipe.ts'
import { unnamedType } from './version.fields.ts'
import type { CatalogItem, CreateProfile, UpdateProfile, VersionContents } from './profiles.dto.ts'
import type { CreateVersionBody, UpdateVersionBody } from './versions.dto.ts'

type Fields = Omit<CreateProfile, keyof VersionContents>
type Details = Readonly<Record<string, unknown>>

/** A new profile in the domain's words. */
export function newProfile(body: Known<CreateProfile>): NewAccessProfile {
  return { ...(profileFields(body, null) as Pick<NewAccessProfile, 'name'>), ...contents(body, []) }
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

/** What a PATCH makes of a profile. What this API cannot say of it stays, and so does that it has no type. */
export function profilePatch(
  body: UpdateProfile,
  updateMask: string | undefined,
): (seen: unknown, before: AccessProfile) => UpdateAccessProfile {
  const given = maskedFields<Partial<Fields>>(body, updateMask, cleared)
  return (_, before) => {
    const { type_id, ...fields } = profileFields(given, before.catalog_item ?? null)
    return type_id === shownType(before) ? fields : { ...fields, ...present({ type_id }) }
  }
}

const clearedVersion = {
  entities_to_create_relationships_to: [],
  inherit_entities_from_access_profiles: [],
  access_request_policy_id: '',
  application_datasource_id: '',
  application_sync_identity_action: null,
  state: undefined,
}

/** What a draft is to give. */
export function versionContents(given: Partial<Known<CreateVersionBody>>): VersionPatch {
  const { access_request_policy_id: policy } = given
  const own = present({ access_request_policy_id: policy === undefined ? undefined : policyId(policy) })
  return ({ entitlements }) => ({ ...contents(given, entitlements), ...own })
}

export function versionChange(body: Known<UpdateVersionBody>, updateMask: string | undefined): VersionChange {
  const { state, ...given } = maskedFields<Known<UpdateVersionBody>>(body, updateMask, clearedVersion)
  return {
    contents: Object.keys(given).length === 0 ? undefined : versionContents(given),
    state: state?.toLowerCase() as VersionChange['state'],
  }
}

function shownType({ type_id, inherits = [] }: AccessProfile): string {
  return type_id ?? (inherits.length > 0 ? builtInTypes.business_role : builtInTypes.profile)
}

function profileFields(given: Partial<Fields>, catalogItem: Details | null): UpdateAccessProfile {
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
    catalog_item: catalog_item_info ? catalogItemOf(catalog_item_info, catalogItem ?? {}) : catalog_item_info,
  })
}

function catalogItemOf(given: CatalogItem, before: Details): Record<string, unknown> {
  const { name, description, markdown_description, icon, recommended } = given
  return present({
    ...before,
    name: notEmpty(name),
    description: notEmpty(description),
    markdown_description: notEmpty(markdown_description),
    icon: notEmpty(icon),
    recommended: recommended === true ? true : undefined,
  })
}

const notEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

/** What a version is to give. What this API cannot say of an entitlement that it gives already stays. */
function contents(given: Partial<Known<VersionContents>>, before: Contents['entitlements']): UpdateVersion {
  const { application_datasource_id: application } = given
  const details = new Map(before.map((each) => [each.entitlement_id, each.details]))
  return present({
    entitlements: given.entities_to_create_relationships_to?.map((entity) =>
      givenEntitlement(entity, details.get(entity.entitlement.id) ?? {}),
    ),
    inherits: given.inherit_entities_from_access_profiles,
    application_datasource_id: application === '' ? null : application,
    application_sync_identity_action: given.application_sync_identity_action,
  })
}

/** An id is kept in the one form that it is read in. */
const named = (name: string, id: string): string => (parseId(name) === id ? id : name)

/** An entity is named as the client named it, so that it reads back what it wrote; what it reads as anyway is not kept. */
function givenEntitlement(entity: KnownEntity, before: Details): Contents['entitlements'][number] {
  const { entity_type, assigned_to_entity_type, assigned_to_entity_id } = entity
  const { id, source_id, external_id, type, attribute } = entity.entitlement
  const [datasource_id, entity_id] = [named(entity.datasource_id, source_id), named(entity.entity_id, id)]
  const { grant_by, created_by_access_profile, custom_properties, sync_identity_action, condition } = entity
  return {
    entitlement_id: id,
    details: present({
      ...before,
      entity_type: entity_type === (type ?? attribute ?? unnamedType) ? undefined : entity_type,
      datasource_id: datasource_id === source_id ? undefined : datasource_id,
      entity_id: entity_id === (external_id ?? id) ? undefined : entity_id,
      assigned_to_entity_type: notEmpty(assigned_to_entity_type),
      assigned_to_entity_id: notEmpty(assigned_to_entity_id),
      grant_by: grant_by === 'UNSPECIFIED' ? undefined : grant_by,
      created_by_access_profile: created_by_access_profile === true ? true : undefined,
      custom_properties: Object.keys(custom_properties ?? {}).length === 0 ? undefined : custom_properties,
      sync_identity_action: sync_identity_action ?? undefined,
      condition: condition ?? undefined,
    }),
  }
}
