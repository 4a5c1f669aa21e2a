import { columns, ids, object, raw, sql, uuid, type Fragment, type Projection } from '#platform'

/**
 * The projection of the entitlements that a profile gives, over entitlements `t`. `given` is the query of what it gives,
 * rows `(profile_id, entitlement_id, from_id)`.
 */
export type EntitlementView = (given: Fragment) => Projection

const fields = {
  ...ids('id'),
  ...columns('name'),
  ...ids('source_id'),
  ...columns('privileged'),
  grantable: raw('t.action is not null'),
  from: raw('f.profiles'),
}

const origin = object({ id: uuid(raw('p.id')), name: raw('p.name') })

/** The native view: where each one comes from is found out once for all of them. */
export const entitlementView: EntitlementView = (given) => ({
  table: 'entitlements',
  fields,
  joins: sql`join (
      select g.entitlement_id, concat('[', string_agg(${origin}, ',' order by p.name), ']')::json as profiles
      from (${given}) g join access_profiles p on p.id = g.from_id group by 1
    ) f on f.entitlement_id = t.id`,
})
