import { Injectable } from '@nestjs/common'
import { effectiveEntitlements } from '#access-profiles'
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
    const rows = await this.#database.query<{ id: string }>(
      sql`select t.id::text as id from (
          select t.access_profile_id, t.grantee_id, t.entitlement_id from grants t where ${all([isOpen, ...held(memberships)])}
          except ${wanted(memberships)}
        ) x join grants t on t.access_profile_id = x.access_profile_id and t.grantee_id = x.grantee_id
          and t.entitlement_id = x.entitlement_id
        where ${all([isOpen, ofAssignment])}
        order by t.id for update of t`.toStatement(),
    )
    return rows.map(({ id }) => id)
  }

  /**
   * The grants that the memberships lack. A person who is not active gets none, and none that somebody has revoked since
   * the membership began; the people are kept from being made inactive until the transaction ends.
   */
  missing(memberships: Memberships): Promise<MissingGrant[]> {
    return this.#database.query<MissingGrant>(
      sql`select x.access_profile_id::text, i.id::text as grantee_id, e.id::text as id,
          e.resource_type, e.resource_id, e.action, e.attributes->>'account_id' as account_id
        from (
          ${wanted(memberships)}
          except
          select t.access_profile_id, t.grantee_id, t.entitlement_id
          from grants t
            join access_profile_members m on m.profile_id = t.access_profile_id and m.identity_id = t.grantee_id
          where ${all(held(memberships))} and (${isOpen}
            or (t.state = 'revoked' and t.revoke->>'reason' <> 'access_profile' and t.granted_at >= m.created_at))
        ) x
          join identities i on i.id = x.grantee_id and i.lifecycle_state = 'active'
          join entitlements e on e.id = x.entitlement_id
        order by i.id, x.access_profile_id, e.id for share of i`.toStatement(),
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
 * the running ones of the profiles give, as far as it says what may be done. `except` compares them with the grants there
 * are in one pass; a join would be planned for a few rows, and there may be thousands.
 */
function wanted({ profileIds, identityIds }: Memberships): Fragment {
  const running = sql`p.id = any(${[...profileIds]}::uuid[]) and p.state = 'running'`
  return sql`select m.profile_id as access_profile_id, m.identity_id as grantee_id, g.entitlement_id
    from (${effectiveEntitlements(running)}) g
      join entitlements n on n.id = g.entitlement_id and n.action is not null
      join access_profile_members m on m.profile_id = g.profile_id
      ${identityIds ? sql`and m.identity_id = any(${[...identityIds]}::uuid[])` : raw('')}`
}
