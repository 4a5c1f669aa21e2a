import type { CreateAccessProfileType, OnCreateBehavior, UpdateAccessProfileType } from '#access-profiles'
import { maskedFields } from '../update-mask.ts'
import { policyId, present } from '../wire.ts'
import type { CreateType, UpdateType } from './types.dto.ts'

/** What a type does not say, it does not allow: false is the value of a flag that is not sent. */
const cleared = {
  name: undefined,
  description: '',
  allow_inherit_entities: false,
  allow_inherited_from_types: [],
  allow_create_relationships: false,
  require_single_datasource: false,
  require_single_integration: false,
  add_integration_prefix_to_access_profile_names: false,
  max_entitlements: 0,
  create_entitlement_based_on_profile: false,
  create_entitlements: [],
  no_entitlements: false,
  on_create_behavior: 'UNSPECIFIED',
  instructions: '',
  time_before_sync_check_in_seconds: 0,
  access_request_policy_id: '',
  allow_overwrite_of_access_request_policy: false,
  remove_entitlement_on_member_upon_update: false,
} satisfies { readonly [Field in keyof CreateType]: CreateType[Field] | undefined }

export function newType(body: CreateType): CreateAccessProfileType {
  return typeFields(maskedFields(body, '*', cleared)) as CreateAccessProfileType
}

export function typePatch(body: UpdateType, updateMask: string | undefined): UpdateAccessProfileType {
  return typeFields(maskedFields<Partial<CreateType>>(body, updateMask, cleared))
}

function typeFields(given: Partial<CreateType>): UpdateAccessProfileType {
  const { description, instructions, max_entitlements, on_create_behavior, access_request_policy_id, ...same } = given
  return present({
    ...same,
    description: description === '' ? null : description,
    instructions: instructions === '' ? null : instructions,
    max_entitlements: max_entitlements === 0 ? null : max_entitlements,
    on_create_behavior: on_create_behavior === undefined ? undefined : behavior(on_create_behavior),
    access_request_policy_id: access_request_policy_id === undefined ? undefined : policyId(access_request_policy_id),
  })
}

function behavior(name: string): OnCreateBehavior | null {
  return name === 'UNSPECIFIED' ? null : (name.toLowerCase() as OnCreateBehavior)
}
