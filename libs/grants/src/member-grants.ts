import { Injectable, type OnModuleInit } from '@nestjs/common'
import { MemberAccess, type AccessGiver } from '#access-profiles'
import { Changes, type Change } from '#audit'
import { newId, type Actor } from '#kernel'
import { change, ending, entry } from './grant-changes.ts'
import { GrantsRepository, type NewGrant } from './grants.repository.ts'
import { MemberGrantsRepository, type Memberships, type MissingGrant } from './member-grants.repository.ts'
import { grantable } from './target.ts'

const batch = 1000
const reason = 'access_profile'

/**
 * The grants of the members of access profiles. Each assignment has grants of its own: an entitlement that two of them
 * give is held until both have ended. An entitlement without an action says of nothing that it may be done, so no grant
 * comes of it.
 */
@Injectable()
export class MemberGrants implements AccessGiver, OnModuleInit {
  readonly #access: MemberAccess
  readonly #members: MemberGrantsRepository
  readonly #grants: GrantsRepository
  readonly #changes: Changes

  constructor(access: MemberAccess, members: MemberGrantsRepository, grants: GrantsRepository, changes: Changes) {
    this.#access = access
    this.#members = members
    this.#grants = grants
    this.#changes = changes
  }

  onModuleInit(): void {
    this.#access.register(this)
  }

  async reconcile(
    actor: Actor,
    profileIds: readonly string[],
    identityIds?: readonly string[],
  ): Promise<readonly Change[]> {
    const memberships: Memberships = { profileIds, identityIds }
    const ended = await this.#end(actor, await this.#members.excess(memberships))
    const begun = await this.#begin(actor, await this.#members.missing(memberships))
    if (ended.length + begun.length === 0) return []
    await this.#changes.serialize()
    const covered = await this.#grants.stillCovered(ended)
    const grants = new Map((await this.#grants.findAll([...ended, ...begun])).map((grant) => [grant.id, grant]))
    const of = (ids: readonly string[]) => ids.flatMap((id) => grants.get(id) ?? [])
    return [
      ...of(ended).map((grant) => ({ ...ending('revoked', grant, covered), reasoning: reason })),
      ...of(begun).map((grant) => change('created', grant)),
    ]
  }

  async #end(actor: Actor, ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return ids
    const by = { type: actor.type, id: actor.id }
    const now = await this.#grants.now()
    return this.#grants.revoke(ids, { reason, comment: null, actor: by }, entry('revoked', now, actor, reason))
  }

  async #begin(actor: Actor, missing: readonly MissingGrant[]): Promise<readonly string[]> {
    if (missing.length === 0) return []
    const now = await this.#grants.now()
    const grants = missing.map((each) => newGrant(each, now, actor))
    for (let first = 0; first < grants.length; first += batch)
      await this.#grants.insertAll(grants.slice(first, first + batch))
    return grants.map(({ id }) => id)
  }
}

function newGrant({ access_profile_id, grantee_id, ...entitlement }: MissingGrant, now: Date, actor: Actor): NewGrant {
  return {
    id: newId(),
    grantee_id,
    ...grantable(entitlement),
    access_profile_id,
    state: 'active',
    starts_at: now,
    granted_at: now,
    expires_at: null,
    revoked_at: null,
    revoke: null,
    extension_limit: null,
    extension_until: null,
    metadata: {},
    timeline: [entry('created', now, actor), entry('activated', now, actor)],
    external_id: null,
  }
}
