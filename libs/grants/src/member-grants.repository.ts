import { Injectable } from '@nestjs/common'
import { reach } from '#access-profiles'
import { all, Database, raw, sql, type Fragment } from '#platform'
import { isOpen } from './grants.fields.ts'
import type { Grantable } from './target.ts'

/** A grant that a membership should have made and has not. */
export interface MissingGrant extends Grantable {
  readonly access_profile_id: string
  readonly grantee_id: string
}

/** The memberships of these profiles; of these people only, when they are named. */
export interface Memberships {
  readonly profileIds: readonly string[]
  readonly identityIds?: readonly string[] | undefined
}

/** What an assignment makes: a grant with the profile's id that no request asked for. */
const ofAssignment = raw('t.access_profile_id is not null and t.request_id is null')

@Injectable()
export class MemberGrantsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The open grants of the memberships that nothing gives any more, in the order of their ids. */
  async excess(memberships: Memberships): Promise<string[]> {
    const given = sql`(t.access_profile_id, t.grantee_id, t.entitlement_id) not in ${wanted(memberships)}`
    const rows = await this.#database.query<{ id: string }>(
      sql`select t.id::text as id from grants t where ${all([isOpen, ...held(memberships), given])}
        order by t.id for update`.toStatement(),
    )
    return rows.map(({ id }) => id)
  }

  /**
   * The grants that the memberships lack. A person who is not active gets none, and none that somebody has revoked since
   * the membership began; until the transaction ends the people are kept from being made inactive, and the entitlements
   * from giving other access.
   */
  missing(memberships: Memberships): Promise<MissingGrant[]> {
    return this.#database.query<MissingGrant>(
      sql`select x.access_profile_id::text, i.id::text as grantee_id, e.id::text as id,
          e.resource_type, e.resource_id, e.action, e.attributes->>'account_id' as account_id
        from (
          ${wanted(memberships)}
          except
          select t.access_profile_id, t.grantee_id, t.entitlement_id from grants t
          where ${all(held(memberships))} and (${isOpen}
            or (t.state = 'revoked' and t.revoke->>'reason' <> 'access_profile' and t.granted_at >= (
              select m.created_at from access_profile_members m
              where m.profile_id = t.access_profile_id and m.identity_id = t.grantee_id)))
        ) x
          join identities i on i.id = x.grantee_id and i.lifecycle_state = 'active'
          join entitlements e on e.id = x.entitlement_id
        order by i.id, x.access_profile_id, e.id for share of i, e`.toStatement(),
    )
  }
}

/** The grants `t` that the memberships made. */
function held({ profileIds, identityIds }: Memberships): Fragment[] {
  const ofProfiles = sql`t.access_profile_id = any(${[...profileIds]}::uuid[])`
  return [ofAssignment, ofProfiles, ...(identityIds ? [sql`t.grantee_id = any(${[...identityIds]}::uuid[])`] : [])]
}

/**
 * The grants that the memberships should make, as a query of rows `(access_profile_id, grantee_id, entitlement_id)`: what
 * the running ones of the profiles give, as far as it says what may be done.
 *
 * PostgreSQL may know nothing yet of a tenant's rows, as in its first import, and then plans for one of them where there are
 * thousands. So the way is said here, not left to it: what each profile gives and its members are found once each and meet
 * profile by profile; and what is wanted is compared with what there is in one pass.
 */
function wanted({ profileIds, identityIds }: Memberships): Fragment {
  const running = sql`p.id = any(${[...profileIds]}::uuid[]) and p.state = 'running'`
  return sql`(
    with given as materialized (
      select r.profile_id, array(
        select x.entitlement_id from access_profile_entitlements x
          join entitlements n on n.id = x.entitlement_id and n.action is not null
        where x.profile_id = r.id and x.number = r.number) as entitlement_ids
      from (${reach(running)}) r
    ),
    members as materialized (
      select m.profile_id, array_agg(m.identity_id) as identity_ids from access_profile_members m
      where m.profile_id = any(${[...profileIds]}::uuid[])
        ${identityIds ? sql`and m.identity_id = any(${[...identityIds]}::uuid[])` : raw('')}
      group by m.profile_id
    )
    select g.profile_id as access_profile_id, i.id as grantee_id, e.id as entitlement_id
    from given g join members m on m.profile_id = g.profile_id
      cross join unnest(m.identity_ids) i (id) cross join unnest(g.entitlement_ids) e (id))`
}
