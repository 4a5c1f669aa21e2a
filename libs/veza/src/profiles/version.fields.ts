import { memberProjection, type VersionAt } from '#access-profiles'
import { array, json, object, raw, sql, uuid, type Fields, type Fragment, type Projection } from '#platform'
import { enumerated, keptName, nameOf } from '../enums.fields.ts'
import { conditionType, createdFrom, grantBy, versionState, type EnumFormat } from '../enums.ts'
import { instant } from '../time.fields.ts'

/** How much is told, and how. */
export interface Detail {
  readonly format: EnumFormat
  /** `entity_extra_info`: names and providers of entities. */
  readonly extra: boolean
}

/** What an entity is of whose entitlement no type is known. */
export const unnamedType = 'Entitlement'

/** How many members stand in a profile or a version; their own list has all of them. */
export const membersShown = 100

/** Texts are never null in this API. */
export const orEmpty = (text: Fragment): Fragment => sql`coalesce(${text}, '')`

/** The entitlements of a version that is not retired: their places `x`, themselves `e`, their sources `s`. */
export const entitlementsFrom = ({ profile, number }: VersionAt): Fragment =>
  sql`access_profile_entitlements x join entitlements e on e.id = x.entitlement_id join sources s on s.id = e.source_id
    and x.profile_id = ${profile} and x.number = ${number}`

const parentsFrom = ({ profile, number }: VersionAt): Fragment =>
  sql`access_profile_parents x where x.profile_id = ${profile} and x.number = ${number}`

/**
 * The same of the retired version `t`, which keeps what it gave; of what was deleted since, only that. The planner takes any
 * array for a hundred elements long; the offset keeps it from reading all entitlements for them.
 */
const retiredEntitlements =
  raw(`jsonb_array_elements(t.retired_contents->'entitlements') with ordinality r(value, position)
  cross join lateral (
    select (r.value->>'entitlement_id')::uuid as entitlement_id, r.value->'details' as details, r.position
  ) x
  left join lateral (select * from entitlements e where e.id = x.entitlement_id offset 0) e on true
  left join lateral (select * from sources s where s.id = e.source_id offset 0) s on true`)

const retiredParents = raw(`jsonb_array_elements_text(t.retired_contents->'inherits') with ordinality r(value, position)
  cross join lateral (select r.value::uuid as parent_id, r.position) x`)

/** Of a version whose row is `t` or, published, `v`: from its own rows, or from what it keeps. */
function given(alias: 't' | 'v', element: Fragment, rows: Fragment, retired: Fragment): Fragment {
  const own = array(element, rows, raw('x.position'))
  if (alias === 'v') return own
  return json(sql`case when t.state = 'retired' then ${array(element, retired, raw('x.position'))} else ${own} end`)
}

// Details are free under `/v1`: what is there may be of another type.
const objectSaid = (name: string): Fragment =>
  raw(`case when jsonb_typeof(x.details->'${name}') = 'object' then x.details->'${name}' end`)
const text = (name: string): Fragment => raw(`x.details->>'${name}'`)

const condition = (format: EnumFormat): Fragment =>
  sql`case when jsonb_typeof(x.details->'condition') = 'object' then ${object({
    type: enumerated(conditionType, keptName(conditionType, raw(`x.details->'condition'->>'type'`)), format),
    condition_string: orEmpty(raw(`x.details->'condition'->>'condition_string'`)),
  })}::json end`

/** The name that the client gave the source, as long as it is its name; else its id. */
export const datasource = raw(`case when s.id is null then coalesce(x.details->>'datasource_id', '')
  when x.details->>'datasource_id' = s.external_id then s.external_id else s.id::text end`)

/** The same of the entitlement. */
const entityId = raw(`case when e.id is null then coalesce(x.details->>'entity_id', x.entitlement_id::text)
  when x.details->>'entity_id' in (e.id::text, e.value) then x.details->>'entity_id' else coalesce(e.external_id, e.id::text) end`)

/** An entity: an entitlement `e` of the source `s`, with what was said of it when it was given. */
export const entity = ({ format, extra }: Detail): Fields => ({
  entity_type: raw(`coalesce(x.details->>'entity_type', e.type, e.attribute, '${unnamedType}')`),
  datasource_id: datasource,
  entity_id: entityId,
  assigned_to_entity_type: orEmpty(text('assigned_to_entity_type')),
  assigned_to_entity_id: orEmpty(text('assigned_to_entity_id')),
  ...(extra && {
    extraction_datasource_id: orEmpty(raw('s.id::text')),
    provider_id: orEmpty(raw('s.id::text')),
    provider_external_id: orEmpty(raw('s.external_id')),
    entity_name: orEmpty(raw('e.name')),
    native_id: raw(`coalesce(e.value, e.external_id, '')`),
  }),
  grant_by: enumerated(grantBy, keptName(grantBy, text('grant_by')), format),
  created_by_access_profile: raw(`coalesce(x.details->'created_by_access_profile' = 'true'::jsonb, false)`),
  custom_properties: sql`coalesce(${objectSaid('custom_properties')}, '{}')`,
  sync_identity_action: objectSaid('sync_identity_action'),
  condition: condition(format),
  create_entitlement_detail_id: raw(`''::text`),
  created_at: instant(raw('e.created_at')),
})

/** The first members of a profile, as `m`. */
export const members = (profile: Fragment, most: number): Fragment =>
  sql`(select * from access_profile_members m where m.profile_id = ${profile} order by m.created_at, m.identity_id limit ${raw(String(most))}) m`

/** A version, whose row is `alias`. */
export const version = (alias: 't' | 'v', detail: Detail): Fields => {
  const column = (name: string): Fragment => raw(`${alias}.${name}`)
  const at = { profile: column('profile_id'), number: column('number') }
  return {
    access_profile_id: uuid(column('profile_id')),
    version_number: column('number'),
    state: enumerated(versionState, nameOf(column('state')), detail.format),
    entities_to_create_relationships_to: given(
      alias,
      object(entity(detail)),
      entitlementsFrom(at),
      retiredEntitlements,
    ),
    inherit_entities_from_access_profiles: given(alias, uuid(raw('x.parent_id')), parentsFrom(at), retiredParents),
    members: array(
      uuid(raw('m.identity_id')),
      members(column('profile_id'), membersShown),
      raw('m.created_at, m.identity_id'),
    ),
    rbac_id: raw(`''::text`),
    access_request_policy_id: orEmpty(raw(`${alias}.access_request_policy_id::text`)),
    application_datasource_id: orEmpty(column('application_datasource_id')),
    application_sync_identity_action: column('application_sync_identity_action'),
    created_by: column('created_by'),
    created_at: instant(column('created_at')),
    updated_at: instant(column('updated_at')),
    published_by: orEmpty(column('published_by')),
    published_at: instant(column('published_at')),
  }
}

const versionView = (format: EnumFormat): Projection => ({
  table: 'access_profile_versions',
  fields: version('t', { format, extra: true }),
})

export const versionViews: Readonly<Record<EnumFormat, Projection>> = {
  name: versionView('name'),
  number: versionView('number'),
}

const origin = (alias: string): Fragment =>
  raw(
    `case ${alias}.created_from when 'manual' then 'ACCESS_PROFILE_MEMBERSHIP' when 'import' then 'IMPORT' else 'OTHER' end`,
  )

/** A membership, whose row is `alias`. */
export const memberWire = (alias: 't' | 'm', format: EnumFormat): Fields => ({
  access_profile_id: uuid(raw(`${alias}.profile_id`)),
  access_profile_name: raw(`(select p.name from access_profiles p where p.id = ${alias}.profile_id)`),
  identity_id: uuid(raw(`${alias}.identity_id`)),
  identity_name: raw(`(select i.name from identities i where i.id = ${alias}.identity_id)`),
  created_from: enumerated(createdFrom, origin(alias), format),
  workflow: raw(`''::text`),
})

const memberView = (format: EnumFormat): Projection => ({
  table: memberProjection.table,
  fields: memberWire('t', format),
})

export const memberViews: Readonly<Record<EnumFormat, Projection>> = {
  name: memberView('name'),
  number: memberView('number'),
}
