import { Injectable } from '@nestjs/common'
import { effectiveEntitlements } from '#access-profiles'
import { Database, raw, sql, type Fragment } from '#platform'
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
      sql`with given as materialized (${given(memberships)})
        select t.id::text as id from grants t
        where ${ofAssignment} and ${isOpen} and t.access_profile_id = any(${[...memberships.profileIds]}::uuid[])
          ${among(raw('t.grantee_id'), memberships)}
          and not exists (
            select from given g join access_profile_members m on m.profile_id = g.profile_id
            where g.profile_id = t.access_profile_id and g.entitlement_id = t.entitlement_id and m.identity_id = t.grantee_id)
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
      sql`with given as materialized (${given(memberships)})
        select g.profile_id::text as access_profile_id, i.id::text as grantee_id, e.id::text as id,
          e.resource_type, e.resource_id, e.action, e.attributes->>'account_id' as account_id
        from given g
          join access_profile_members m on m.profile_id = g.profile_id
          join identities i on i.id = m.identity_id and i.lifecycle_state = 'active'
          join entitlements e on e.id = g.entitlement_id
        where not exists (
            select from grants t
            where ${ofAssignment} and t.access_profile_id = g.profile_id and t.grantee_id = i.id and t.entitlement_id = e.id
              and (${isOpen} or (t.state = 'revoked' and t.revoke->>'reason' <> 'access_profile' and t.granted_at >= m.created_at)))
          ${among(raw('m.identity_id'), memberships)}
        order by i.id, g.profile_id, e.id for share of i`.toStatement(),
    )
  }
}

/** What the running ones of the profiles give their members: the entitlements that say what may be done. */
function given({ profileIds }: Memberships): Fragment {
  const running = sql`p.id = any(${[...profileIds]}::uuid[]) and p.state = 'running'`
  return sql`select distinct f.profile_id, f.entitlement_id from (${effectiveEntitlements(running)}) f
    join entitlements n on n.id = f.entitlement_id where n.action is not null`
}

function among(identity: Fragment, { identityIds }: Memberships): Fragment {
  return identityIds === undefined ? raw('') : sql`and ${identity} = any(${[...identityIds]}::uuid[])`
}
