import { raw, type Fragment } from '#platform'

/** Whether the group `p.group_id` owns the profile `a` beside its owner; otherwise it decides about requests for it. */
const owns = `a.additional_owners @> jsonb_build_array(jsonb_build_object('id', p.group_id::text))`

/**
 * What a group is there for, as rows: the sources that it manages, the profiles that it owns or decides about. One row for
 * each object. In a condition on `group_id` each part is found through an index.
 */
export const groupConnections = `(
  select s.tenant_id, s.management_group_id as group_id, 'manager' as connection, 'source' as object_type,
    s.id, s.name, s.name_key, s.description, s.created_at, s.updated_at
  from sources s
  union all
  select a.tenant_id, p.group_id, case when ${owns} then 'owner' else 'approver' end,
    case when exists (
      select from access_profile_parents x where x.profile_id = a.id and x.number = a.published_version
    ) then 'role' else 'access_profile' end,
    a.id, a.name, fold(a.name), a.description, a.created_at, a.updated_at
  from access_profile_parties p join access_profiles a on a.id = p.profile_id
)`

/** How many connections the group `t` has. */
export const connectionCount: Fragment = raw(`(
  (select count(*) from sources s where s.management_group_id = t.id)
  + (select count(*) from access_profile_parties p where p.group_id = t.id))`)
