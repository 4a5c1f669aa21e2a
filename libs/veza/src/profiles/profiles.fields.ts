import { childrenOf, draftNumber, parentsOf, published, typeOf } from '#access-profiles'
import { elements, FieldTable, flag, id, instant as instantField, number, text, texts, type ScalarField } from '#filter'
import {
  array,
  column,
  columns,
  document,
  ids,
  object,
  raw,
  sql,
  uuid,
  type Fields,
  type Fragment,
  type Projection,
} from '#platform'
import { alwaysEmpty, alwaysFalse, alwaysNone, alwaysNull } from '../constant.fields.ts'
import { enumerated, nameOf } from '../enums.fields.ts'
import { profileState, type EnumFormat } from '../enums.ts'
import { instant, time } from '../time.fields.ts'
import {
  datasource,
  entitlementsFrom,
  members,
  membersShown,
  memberWire,
  orEmpty,
  version,
  type Detail,
} from './version.fields.ts'

/*
 * An access profile as Veza shows it. What it gives stands on its current version, which is the published one; integrations,
 * providers and datasources are those of the entitlements that this version has itself.
 */

const own = entitlementsFrom(published)
const given = (what: Fragment, from = own): Fragment =>
  sql`(select coalesce(json_agg(distinct ${what}), '[]') from ${from} where ${what} is not null)`

const integration = raw('upper(s.connector)')

const inherits = raw(
  'exists (select from access_profile_parents x where x.profile_id = t.id and x.number = t.published_version)',
)
const inherited = raw(`exists (select from access_profile_parents x
  join access_profiles p on p.id = x.profile_id and p.published_version = x.number where x.parent_id = t.id)`)

const catalogItem = sql`case when t.catalog_item is not null then ${object({
  name: orEmpty(raw(`t.catalog_item->>'name'`)),
  description: orEmpty(raw(`t.catalog_item->>'description'`)),
  markdown_description: orEmpty(raw(`t.catalog_item->>'markdown_description'`)),
  icon: orEmpty(raw(`t.catalog_item->>'icon'`)),
  recommended: raw(`coalesce(t.catalog_item->'recommended' = 'true'::jsonb, false)`),
})}::json end`

const policy = orEmpty(raw('t.access_request_policy_id::text'))

const fields = (detail: Detail): Fields => ({
  ...ids('id'),
  ...columns('name'),
  description: orEmpty(column('description')),
  state: enumerated(profileState, nameOf(column('state')), detail.format),
  profile_type: uuid(typeOf('t')),
  current_version_number: raw('coalesce(t.published_version, 0)'),
  draft_version_number: sql`coalesce(${draftNumber}, 0)`,
  used_by_workflow: raw('false'),
  integrations: given(integration),
  current_version: sql`(select ${object(version('v', detail))}::json from access_profile_versions v
    where v.profile_id = t.id and v.number = t.published_version)`,
  access_profiles_inherited: parentsOf(published, uuid(raw('x.parent_id'))),
  access_profiles_inherited_by: childrenOf(column('id'), uuid(raw('p.id'))),
  inherits_from_other_profiles: inherits,
  inherited_by_other_profiles: inherited,
  ...columns('labels'),
  provider_ids: given(raw('s.id::text')),
  provider_external_ids: given(raw('s.external_id')),
  datasource_ids: given(datasource),
  rbac_id: raw(`''::text`),
  member_details: array(
    object(memberWire('m', detail.format)),
    members(column('id'), membersShown),
    raw('m.created_at, m.identity_id'),
  ),
  ...columns('requestable', 'require_approval_to_start'),
  started_at: time('started_at'),
  started_by: orEmpty(column('started_by')),
  catalog_item_info: catalogItem,
  access_request_policy_id: policy,
  created_entitlements: document(column('created_entitlements')),
  last_synced_at: instant(raw('null::timestamptz')),
  sync_allowed: raw('false'),
  last_sync_job_ids: raw(`'[]'::json`),
  identity_created_by: raw(`''::text`),
  last_sync_error_message: raw(`''::text`),
  profile_type_rbac_id: raw(`''::text`),
  ...columns('created_by'),
  created_at: time('created_at'),
  updated_at: time('updated_at'),
  custom_properties: document(column('custom_properties')),
})

const view = (format: EnumFormat, extra: boolean): Projection => ({
  table: 'access_profiles',
  fields: fields({ format, extra }),
})

/** By how enums are written; `detailed` ones tell more of entities. */
export const profileViews: Readonly<Record<EnumFormat, Projection>> = {
  name: view('name', false),
  number: view('number', false),
}
export const detailedProfileViews: Readonly<Record<EnumFormat, Projection>> = {
  name: view('name', true),
  number: view('number', true),
}

const instantOf = (name: string, nullable = false): ReturnType<typeof instantField> =>
  instantField(column(name), { sortable: true, nullable })
const exact = { caseExact: true } as const
const many = (value: ScalarField): ReturnType<typeof elements> =>
  elements({
    rule: 'membership',
    from: entitlementsFrom({ profile: raw('x.profile_id'), number: raw('x.number') }),
    where: raw('x.profile_id = t.id and x.number = t.published_version'),
    value,
  })

/** What the list can be filtered and sorted by: every scalar and every array of the profile, in the order of its answer. */
export const profileFields = new FieldTable({
  id: id(column('id'), { sortable: true }),
  name: text(column('name'), { key: column('name_key'), sortable: true }),
  description: text(sql`coalesce(t.description, '')`, { sortable: true }),
  state: text(nameOf(column('state')), { of: Object.keys(profileState), sortable: true }),
  profile_type: id(typeOf('t'), { sortable: true }),
  current_version_number: number(raw('coalesce(t.published_version, 0)'), { sortable: true }),
  draft_version_number: number(sql`coalesce(${draftNumber}, 0)`, { sortable: true }),
  used_by_workflow: alwaysFalse,
  integrations: many(text(integration, exact)),
  access_profiles_inherited: elements({
    rule: 'membership',
    from: raw('access_profile_parents x'),
    where: raw('x.profile_id = t.id and x.number = t.published_version'),
    value: id(raw('x.parent_id')),
  }),
  access_profiles_inherited_by: elements({
    rule: 'membership',
    from: raw(
      'access_profile_parents x join access_profiles p on p.id = x.profile_id and p.published_version = x.number',
    ),
    where: raw('x.parent_id = t.id'),
    value: id(raw('x.profile_id')),
  }),
  inherits_from_other_profiles: flag(inherits, { sortable: true }),
  inherited_by_other_profiles: flag(inherited, { sortable: true }),
  labels: texts(column('labels'), { rule: 'membership' }),
  provider_ids: many(id(raw('e.source_id'))),
  provider_external_ids: many(text(raw('s.external_id'), exact)),
  datasource_ids: many(text(datasource, exact)),
  rbac_id: alwaysEmpty,
  member_details: elements({
    from: raw('access_profile_members x'),
    where: raw('x.profile_id = t.id'),
    fields: { identity_id: id(raw('x.identity_id')) },
  }),
  requestable: flag(column('requestable'), { sortable: true }),
  require_approval_to_start: flag(column('require_approval_to_start'), { sortable: true }),
  started_at: instantOf('started_at', true),
  started_by: text(sql`coalesce(t.started_by, '')`, { ...exact, sortable: true }),
  access_request_policy_id: text(policy, { sortable: true }),
  created_entitlements: elements({
    from: raw('jsonb_array_elements(t.created_entitlements) x(value)'),
    fields: {
      datasource_id: text(raw(`x.value->>'datasource_id'`), exact),
      entity_type: text(raw(`x.value->>'entity_type'`), exact),
    },
  }),
  last_synced_at: alwaysNull,
  sync_allowed: alwaysFalse,
  last_sync_job_ids: alwaysNone,
  identity_created_by: alwaysEmpty,
  last_sync_error_message: alwaysEmpty,
  profile_type_rbac_id: alwaysEmpty,
  created_by: text(column('created_by'), { ...exact, sortable: true }),
  created_at: instantOf('created_at'),
  updated_at: instantOf('updated_at'),
})
