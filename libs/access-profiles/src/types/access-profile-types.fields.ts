import { FieldTable, flag, id, instant, number, text, texts } from '#filter'
import { columns, documents, ids, raw, time, type Fragment, type Projection } from '#platform'

/** The types that every tenant has. */
export const builtInTypes = {
  profile: '00000000-0000-7000-8000-000000000a01',
  business_role: '00000000-0000-7000-8000-000000000a02',
} as const

/** The type of the profile `t` or `p`. One of none counts as a business role when it inherits, as a profile otherwise. */
export const typeOf = (profile: 't' | 'p'): Fragment =>
  raw(`coalesce(${profile}.type_id, case when exists (
    select from access_profile_parents y where y.profile_id = ${profile}.id and y.number = ${profile}.published_version)
    then '${builtInTypes.business_role}'::uuid else '${builtInTypes.profile}'::uuid end)`)

export const typeProjection: Projection = {
  table: 'access_profile_types',
  fields: {
    ...ids('id'),
    ...columns(
      'name', 'description', 'allow_create_relationships', 'allow_inherit_entities', 'allow_inherited_from_types',
      'require_single_datasource', 'require_single_integration', 'add_integration_prefix_to_access_profile_names',
      'max_entitlements', 'no_entitlements', 'create_entitlement_based_on_profile',
    ),
    ...documents('create_entitlements'),
    ...columns('on_create_behavior', 'instructions', 'time_before_sync_check_in_seconds'),
    ...ids('access_request_policy_id'),
    ...columns(
      'allow_overwrite_of_access_request_policy', 'remove_entitlement_on_member_upon_update', 'built_in', 'created_by',
      'version',
    ),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
} // prettier-ignore

const truth = (name: string): ReturnType<typeof flag> => flag(raw(`t.${name}`))

export const typeFields = new FieldTable({
  id: id(raw('t.id')),
  name: text(raw('t.name'), { sortable: true }),
  description: text(raw('t.description'), { nullable: true }),
  allow_create_relationships: truth('allow_create_relationships'),
  allow_inherit_entities: truth('allow_inherit_entities'),
  allow_inherited_from_types: texts(raw('t.allow_inherited_from_types::text[]')),
  require_single_datasource: truth('require_single_datasource'),
  require_single_integration: truth('require_single_integration'),
  max_entitlements: number(raw('t.max_entitlements'), { nullable: true }),
  no_entitlements: truth('no_entitlements'),
  on_create_behavior: text(raw('t.on_create_behavior'), { of: ['draft', 'published', 'running'], nullable: true }),
  access_request_policy_id: id(raw('t.access_request_policy_id'), { nullable: true }),
  built_in: truth('built_in'),
  created_by: text(raw('t.created_by'), { caseExact: true }),
  created_at: instant(raw('t.created_at'), { sortable: true }),
  updated_at: instant(raw('t.updated_at'), { sortable: true }),
})
