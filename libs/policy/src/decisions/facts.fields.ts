import { perRow, raw, sql, type Fragment } from '#platform'

/* What policies know of a row, as JSON. */

export const sourceFacts = (t: string): Fragment =>
  raw(`json_build_object('id', ${t}.id, 'name', ${t}.name, 'connector', ${t}.connector, 'owner_id', ${t}.owner_id,
    'attributes', ${t}.attributes)`)

export const profileFacts = (t: string): Fragment =>
  raw(`json_build_object('id', ${t}.id, 'name', ${t}.name, 'owner_id', ${t}.owner_id, 'source_id', ${t}.source_id,
    'labels', to_json(${t}.labels), 'custom_properties', ${t}.custom_properties)`)

/** The entitlement `e` without its source and its profiles. */
const ownFacts = raw(`'id', e.id, 'name', e.name, 'action', e.action, 'privileged', e.privileged,
  'resource_type', e.resource_type, 'resource_id', e.resource_id, 'attributes', e.attributes`)

/** Which running profiles give the entitlements: those that name them, and those that inherit from them. */
export const holdersOf = (condition: Fragment): Fragment => sql`
  with recursive holders (entitlement_id, profile_id) as (
    select pe.entitlement_id, pe.profile_id from access_profile_entitlements pe
      join access_profiles p on p.id = pe.profile_id and p.published_version = pe.number and p.state = 'running'
    where pe.entitlement_id ${condition}
    union
    select h.entitlement_id, p.id from holders h
      ${perRow(sql`select pp.profile_id, pp.number from access_profile_parents pp where pp.parent_id = h.profile_id`)} pp
      ${perRow(sql`select p.id from access_profiles p
        where p.id = pp.profile_id and p.published_version = pp.number and p.state = 'running'`)} p
  )
  select entitlement_id, profile_id from holders`

/** EntitlementFacts of the entitlement `e` of the source `s`. */
export const entitlementFacts = sql`json_build_object(${ownFacts}, 'source', ${sourceFacts('s')}, 'profiles', (
  select coalesce(json_agg(${profileFacts('p')}), '[]') from access_profiles p
  where p.id in (select profile_id from (${holdersOf(raw('= e.id'))}) held)))`

/** The entitlement `e` with the ids of its source and of its profiles, `h.profile_ids`. */
export const referringFacts = sql`json_build_object(${ownFacts}, 'source_id', e.source_id,
  'profile_ids', coalesce(h.profile_ids, '[]'))`
