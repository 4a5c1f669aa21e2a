import { Injectable } from '@nestjs/common'
import type { Change } from '#audit'
import type { Actor } from '#kernel'

/** What turns membership into access: libs/grants, which stands below this library and registers itself. */
export interface AccessGiver {
  /**
   * Makes the grants of the profiles' members what they should be: one open grant, with the profile's id on it, for each
   * member and each grantable entitlement that the running profile gives; none beyond that. Runs in the transaction of
   * the change, which nobody else changes profiles in; gives what is to be recorded of it.
   * @param identityIds of these members only; of all of them when left out
   */
  reconcile(actor: Actor, profileIds: readonly string[], identityIds?: readonly string[]): Promise<readonly Change[]>
}

/** The door through which members get their access. Without a registered giver, membership is only written down. */
@Injectable()
export class MemberAccess implements AccessGiver {
  #giver: AccessGiver | null = null

  register(giver: AccessGiver): void {
    if (this.#giver) throw new Error('The access of members has a giver already')
    this.#giver = giver
  }

  async reconcile(
    actor: Actor,
    profileIds: readonly string[],
    identityIds?: readonly string[],
  ): Promise<readonly Change[]> {
    if (!this.#giver || profileIds.length === 0 || identityIds?.length === 0) return []
    return this.#giver.reconcile(actor, profileIds, identityIds)
  }
}
