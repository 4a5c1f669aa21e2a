import { columns, ids, object, raw, sql, uuid, type Fragment, type Projection } from '#platform'

/**
 * The projection of the entitlements that a profile gives, over entitlements `t`. `givers` is the query of the versions
 * that they come from, rows `(profile_id, id, number)`.
 */
export type EntitlementView = (givers: Fragment) => Projection

const fields = {
  ...ids('id'),
  ...columns('name'),
  ...ids('source_id'),
  ...columns('privileged'),
  grantable: raw('t.action is not null'),
  from: raw('f.profiles'),
}

const origin = object({ id: uuid(raw('p.id')), name: raw('p.name') })

/** The native view. */
export const entitlementView: EntitlementView = (givers) => ({
  table: 'entitlements',
  fields,
  joins: sql`cross join lateral (
      select concat('[', string_agg(${origin}, ',' order by p.name), ']')::json as profiles
      from (${givers}) r
        join access_profile_entitlements x on x.profile_id = r.id and x.number = r.number and x.entitlement_id = t.id
        join access_profiles p on p.id = r.id
    ) f`,
})
