import {
  array, column, columns, document, documents, ids, object, perRow, raw, sql, time, uuid, type Fields, type Fragment, type Projection,
} from '#platform' // prettier-ignore

/*
 * Pieces of projections over a profile (`t`), for the native view and for those of the dialects. Each is read through an
 * index and only for the rows of the page.
 */

/** A version of a profile, as two expressions. */
export interface VersionAt {
  readonly profile: Fragment
  readonly number: Fragment
}

/** The published version of the profile `t`; nothing when it has none. */
export const published: VersionAt = { profile: raw('t.id'), number: raw('t.published_version') }

/** The version `t` itself. */
export const thisVersion: VersionAt = { profile: raw('t.profile_id'), number: raw('t.number') }

/** The entitlements of a version in order; in `element`, `e` is the entitlement, `x` its place (`position`, `details`). */
export const entitlementsOf = ({ profile, number }: VersionAt, element: Fields): Fragment =>
  array(
    object(element),
    sql`access_profile_entitlements x join entitlements e on e.id = x.entitlement_id
      where x.profile_id = ${profile} and x.number = ${number}`,
    raw('x.position'),
  )

/** The profiles that a version inherits from, in order; in `element`, `p` is the profile. */
export const parentsOf = ({ profile, number }: VersionAt, element: Fragment): Fragment =>
  array(
    element,
    sql`access_profile_parents x join access_profiles p on p.id = x.parent_id
      where x.profile_id = ${profile} and x.number = ${number}`,
    raw('x.position'),
  )

/** The profiles whose published versions inherit from the profile; in `element`, `p` is such a profile. */
export const childrenOf = (profile: Fragment, element: Fragment): Fragment =>
  array(
    element,
    sql`access_profile_parents x join access_profiles p on p.id = x.profile_id and p.published_version = x.number
      where x.parent_id = ${profile}`,
    raw('p.created_at, p.id'),
  )

/** The segments of the profile in order; in `element`, `x` has the `segment_id`. */
export const segmentsOf = (profile: Fragment, element: Fragment): Fragment =>
  array(element, sql`access_profile_segments x where x.profile_id = ${profile}`, raw('x.position, x.segment_id'))

/** The sources of the entitlements of a version, each once; in `element`, `s` is the source. */
export const sourcesOf = ({ profile, number }: VersionAt, element: Fragment): Fragment =>
  array(
    element,
    sql`sources s where s.id in (
      select e.source_id from access_profile_entitlements x join entitlements e on e.id = x.entitlement_id
      where x.profile_id = ${profile} and x.number = ${number})`,
    raw('s.name, s.id'),
  )

/** A member of the owner of the profile `t`, such as its name; null without an owner. */
export const ofOwner = (expression: Fragment): Fragment =>
  sql`(select ${expression} from identities o where o.id = t.owner_id)`

/** A member of the source of the profile `t`, as `s`; null without a source. */
export const ofSource = (expression: Fragment): Fragment =>
  sql`(select ${expression} from sources s where s.id = t.source_id)`

/** A column of the published version `v` of the profile `t`; null when there is none. */
export const ofPublished = (expression: Fragment): Fragment =>
  sql`(select ${expression} from access_profile_versions v where v.profile_id = t.id and v.number = t.published_version)`

export const draftNumber: Fragment = raw(
  `(select v.number from access_profile_versions v where v.profile_id = t.id and v.state = 'draft')`,
)

/** The native shape of a given entitlement, which needs neither its name nor its source. */
const given = ({ profile, number }: VersionAt): Fragment =>
  array(
    object({ entitlement_id: uuid(raw('x.entitlement_id')), details: document(raw('x.details')) }),
    sql`access_profile_entitlements x where x.profile_id = ${profile} and x.number = ${number}`,
    raw('x.position'),
  )

const inherited = ({ profile, number }: VersionAt): Fragment =>
  array(
    uuid(raw('x.parent_id')),
    sql`access_profile_parents x where x.profile_id = ${profile} and x.number = ${number}`,
    raw('x.position'),
  )

/** The native view: the domain object. */
export const profileProjection: Projection = {
  table: 'access_profiles',
  fields: {
    ...ids('id'),
    ...columns('name', 'description'),
    ...ids('owner_id', 'source_id', 'type_id'),
    ...columns('state'),
    started_at: time('started_at'),
    ...columns('started_by', 'labels', 'requestable'),
    ...documents(
      'request_config', 'revocation_config', 'provisioning_criteria', 'additional_owners', 'access_model_metadata',
      'catalog_item', 'custom_properties',
    ), // prettier-ignore
    ...columns('require_approval_to_start'),
    ...ids('access_request_policy_id'),
    ...documents('created_entitlements'),
    segment_ids: segmentsOf(column('id'), uuid(raw('x.segment_id'))),
    entitlements: given(published),
    inherits: inherited(published),
    application_datasource_id: ofPublished(raw('v.application_datasource_id')),
    application_sync_identity_action: document(ofPublished(raw('v.application_sync_identity_action'))),
    ...columns('external_id', 'created_by', 'published_version'),
    draft_version: draftNumber,
    ...columns('version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

/** A version; what a retired one gave is kept on it. */
export const versionProjection: Projection = {
  table: 'access_profile_versions',
  fields: {
    ...ids('profile_id'),
    ...columns('number', 'state'),
    entitlements: sql`case when t.state = 'retired' then (t.retired_contents->'entitlements')::json else (${given(thisVersion)})::json end`,
    inherits: sql`case when t.state = 'retired' then (t.retired_contents->'inherits')::json else (${inherited(thisVersion)})::json end`,
    ...columns('application_datasource_id'),
    ...documents('application_sync_identity_action'),
    ...ids('access_request_policy_id'),
    ...columns('created_by', 'published_by'),
    published_at: time('published_at'),
    ...columns('version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

export const memberProjection: Projection = {
  table: 'access_profile_members',
  fields: {
    ...ids('profile_id', 'identity_id'),
    ...columns('created_from', 'created_by'),
    created_at: time('created_at'),
  },
}

/** The profile `t` belongs to a source whose management group has the identity as a member. */
export const managedBy = (identityId: string): Fragment =>
  sql`exists (select from sources s join group_members m on m.group_id = s.management_group_id
    where s.id = t.source_id and m.identity_id = ${identityId}::uuid)`

/** The profile `t` is in one of the segments, or in none when those are asked for as well. */
export function inSegments(segmentIds: readonly string[], includeUnsegmented: boolean): Fragment {
  const inOne = sql`exists (select from access_profile_segments x
    where x.profile_id = t.id and x.segment_id = any(${[...segmentIds]}::uuid[]))`
  return includeUnsegmented
    ? sql`${inOne} or not exists (select from access_profile_segments x where x.profile_id = t.id)`
    : inOne
}

/**
 * Whose entitlements the profiles give, as rows `(profile_id, id, number)`: their own published versions and those of the
 * running profiles that they inherit from, at any depth. `roots`, a condition on the profile `p`, says which profiles.
 */
export const reach = (roots: Fragment): Fragment => sql`
  with recursive reach (profile_id, id, number) as (
    select p.id, p.id, p.published_version from access_profiles p where ${roots}
    union
    select r.profile_id, p.id, p.published_version
    from reach r
      ${perRow(sql`select x.parent_id from access_profile_parents x where x.profile_id = r.id and x.number = r.number`)} x
      ${perRow(sql`select p.id, p.published_version from access_profiles p where p.id = x.parent_id and p.state = 'running'`)} p
  )
  select profile_id, id, number from reach`

/** What the profiles give, as rows `(profile_id, entitlement_id, from_id)`. A query of its own, for `from (…) g` or `in (…)`. */
export const effectiveEntitlements = (roots: Fragment): Fragment => sql`
  select r.profile_id, x.entitlement_id, r.id as from_id
  from (${reach(roots)}) r join access_profile_entitlements x on x.profile_id = r.id and x.number = r.number`

/** The published version of the profile `t` inherits from another profile. */
export const inherits = raw(
  'exists (select from access_profile_parents x where x.profile_id = t.id and x.number = t.published_version)',
)

/** Which profiles; what is left out does not matter. */
export interface ProfileSelection {
  /** Those of sources whose management group has this identity as a member: what a sub-administrator sees. */
  readonly managedBy?: string | undefined
  /** Those of one of these segments … */
  readonly segmentIds?: readonly string[] | undefined
  /** … and those of none; true when left out. */
  readonly includeUnsegmented?: boolean | undefined
  /** In any case. */
  readonly name?: string | undefined
  readonly external_id?: string | undefined
  readonly source_id?: string | undefined
  readonly owner_id?: string | undefined
  /** Only those that inherit from others, which other APIs call roles. */
  readonly inheriting?: true | undefined
}

/** The conditions on the profile `t`. */
export function selecting(selection: ProfileSelection): Fragment[] {
  const { managedBy: manager, segmentIds = [], includeUnsegmented = true } = selection
  const { name, external_id, source_id, owner_id, inheriting } = selection
  return [
    ...(manager === undefined ? [] : [managedBy(manager)]),
    ...(segmentIds.length === 0 ? [] : [inSegments(segmentIds, includeUnsegmented)]),
    ...(name === undefined ? [] : [sql`t.name_key = fold(${name}::text)`]),
    ...(external_id === undefined ? [] : [sql`t.external_id = ${external_id}`]),
    ...(source_id === undefined ? [] : [sql`t.source_id = ${source_id}::uuid`]),
    ...(owner_id === undefined ? [] : [sql`t.owner_id = ${owner_id}::uuid`]),
    ...(inheriting ? [inherits] : []),
  ]
}
