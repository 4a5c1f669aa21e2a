import { elements, FieldTable, flag, id, instant, number, text, texts } from '#filter'
import { column, columns, documents, ids, raw, sql, type Projection } from '#platform'
import { enumerated } from '../enums.fields.ts'
import { onCreateBehavior, type EnumFormat } from '../enums.ts'
import { orEmpty } from '../profiles/version.fields.ts'
import { time } from '../time.fields.ts'

const behavior = sql`coalesce(upper(t.on_create_behavior), 'UNSPECIFIED')`

const policy = orEmpty(raw('t.access_request_policy_id::text'))

const view = (format: EnumFormat): Projection => ({
  table: 'access_profile_types',
  fields: {
    ...ids('id'),
    ...columns('name'),
    description: orEmpty(column('description')),
    ...columns(
      'allow_inherit_entities', 'allow_inherited_from_types', 'allow_create_relationships', 'require_single_datasource',
      'require_single_integration', 'add_integration_prefix_to_access_profile_names',
    ),
    max_entitlements: raw('coalesce(t.max_entitlements, 0)'),
    ...columns('create_entitlement_based_on_profile'),
    ...documents('create_entitlements'),
    ...columns('no_entitlements'),
    on_create_behavior: enumerated(onCreateBehavior, behavior, format),
    instructions: orEmpty(column('instructions')),
    time_before_sync_check_in_seconds: raw('t.time_before_sync_check_in_seconds::text'),
    access_request_policy_id: policy,
    ...columns('allow_overwrite_of_access_request_policy', 'remove_entitlement_on_member_upon_update', 'created_by'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}) // prettier-ignore

export const typeViews: Readonly<Record<EnumFormat, Projection>> = { name: view('name'), number: view('number') }

const truth = (name: string): ReturnType<typeof flag> => flag(column(name), { sortable: true })

/** What the list can be filtered and sorted by: every scalar and every array of the type. */
export const typeFields = new FieldTable({
  id: id(column('id'), { sortable: true }),
  name: text(column('name'), { sortable: true }),
  description: text(sql`coalesce(t.description, '')`, { sortable: true }),
  allow_inherit_entities: truth('allow_inherit_entities'),
  allow_inherited_from_types: texts(raw('t.allow_inherited_from_types::text[]'), { rule: 'membership' }),
  allow_create_relationships: truth('allow_create_relationships'),
  require_single_datasource: truth('require_single_datasource'),
  require_single_integration: truth('require_single_integration'),
  add_integration_prefix_to_access_profile_names: truth('add_integration_prefix_to_access_profile_names'),
  max_entitlements: number(raw('coalesce(t.max_entitlements, 0)'), { sortable: true }),
  create_entitlement_based_on_profile: truth('create_entitlement_based_on_profile'),
  create_entitlements: elements({ from: raw('jsonb_array_elements(t.create_entitlements) x(value)') }),
  no_entitlements: truth('no_entitlements'),
  on_create_behavior: text(behavior, { of: Object.keys(onCreateBehavior), sortable: true }),
  instructions: text(sql`coalesce(t.instructions, '')`, { sortable: true }),
  time_before_sync_check_in_seconds: number(column('time_before_sync_check_in_seconds'), { sortable: true }),
  access_request_policy_id: text(policy, { sortable: true }),
  allow_overwrite_of_access_request_policy: truth('allow_overwrite_of_access_request_policy'),
  remove_entitlement_on_member_upon_update: truth('remove_entitlement_on_member_upon_update'),
  created_by: text(column('created_by'), { caseExact: true, sortable: true }),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
})
