import { raw, sql, type Fragment } from '#platform'

/* What policies know of a row, as JSON. */

export const sourceFacts = (t: string): Fragment =>
  raw(`json_build_object('id', ${t}.id, 'name', ${t}.name, 'connector', ${t}.connector, 'owner_id', ${t}.owner_id,
    'attributes', ${t}.attributes)`)

export const profileFacts = (t: string): Fragment =>
  raw(`json_build_object('id', ${t}.id, 'name', ${t}.name, 'owner_id', ${t}.owner_id, 'source_id', ${t}.source_id,
    'labels', to_json(${t}.labels), 'custom_properties', ${t}.custom_properties)`)

/** The running profiles that give the entitlement `e`: those that name it, and those that inherit from them. */
const profilesOfEntitlement = sql`(
  with recursive holders(profile_id) as (
    select pe.profile_id from access_profile_entitlements pe
      join access_profiles p on p.id = pe.profile_id and p.published_version = pe.number and p.state = 'running'
    where pe.entitlement_id = e.id
    union
    select pp.profile_id from holders h
      join access_profile_parents pp on pp.parent_id = h.profile_id
      join access_profiles p on p.id = pp.profile_id and p.published_version = pp.number and p.state = 'running'
  )
  select coalesce(json_agg(${profileFacts('p')}), '[]') from access_profiles p where p.id in (select profile_id from holders))`

/** EntitlementFacts of the entitlement `e` of the source `s`. */
export const entitlementFacts = sql`json_build_object('id', e.id, 'name', e.name, 'action', e.action, 'privileged', e.privileged,
  'resource_type', e.resource_type, 'resource_id', e.resource_id, 'attributes', e.attributes, 'source', ${sourceFacts('s')},
  'profiles', ${profilesOfEntitlement})`
