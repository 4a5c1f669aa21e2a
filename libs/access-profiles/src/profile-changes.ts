import { Injectable } from '@nestjs/common'
import { Changes, type Change } from '#audit'
import { subAdministrator } from '#directory'
import { DomainError, notFound, type Actor } from '#kernel'
import type { Precondition } from '#platform'
import type { AccessProfile } from './access-profiles.dto.ts'
import { AccessProfilesRepository } from './access-profiles.repository.ts'
import { MemberAccess } from './member-access.ts'

export type ProfileVerb =
  | 'created' | 'updated' | 'published' | 'retired' | 'started' | 'paused' | 'deleted' | 'member_added' | 'member_removed' // prettier-ignore

export interface ProfileEvent {
  readonly verb: ProfileVerb
  readonly metadata?: object
  /** The profile after the change, when left out. */
  readonly data?: object
}

/** How every change of a profile begins and ends, inside its transaction. */
@Injectable()
export class ProfileChanges {
  readonly #profiles: AccessProfilesRepository
  readonly #access: MemberAccess
  readonly #changes: Changes

  constructor(profiles: AccessProfilesRepository, access: MemberAccess, changes: Changes) {
    this.#profiles = profiles
    this.#access = access
    this.#changes = changes
  }

  /** The profile as it stands while nobody else changes any. @throws DomainError `not_found`, `precondition_failed` */
  async begin(actor: Actor, id: string, precondition?: Precondition): Promise<AccessProfile> {
    await this.#profiles.claim()
    const profile = await this.#profiles.find(id, subAdministrator(actor))
    if (profile === null) throw notFound('access_profile', id)
    precondition?.check(profile.version)
    return profile
  }

  /** The same for many, by id; those that do not exist, or not for the actor, are not among them. */
  async beginAll(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, AccessProfile>> {
    await this.#profiles.claim()
    const profiles = await this.#profiles.findAll(ids, subAdministrator(actor))
    return new Map(profiles.map((profile) => [profile.id, profile]))
  }

  /** That the actor still sees what it has written: a sub-administrator moves no profile out of its own sources. */
  async checkVisible(actor: Actor, id: string): Promise<void> {
    if ((await this.#profiles.find(id, subAdministrator(actor))) === null)
      throw new DomainError('forbidden', 'source_id: the source must be one that is yours to manage', {
        field: 'source_id',
      })
  }

  /**
   * Gives the members what the profile and those that inherit from it now give, and records everything. Comes last.
   * @param regrants whether what members get may be different now
   */
  async end(
    actor: Actor,
    id: string,
    events: readonly ProfileEvent[],
    { regrants }: { regrants: boolean },
  ): Promise<void> {
    const granted = regrants ? await this.regrant(actor, [id]) : []
    const profile = (await this.#profiles.find(id, null)) ?? {}
    await this.record(
      actor,
      events.map((event) => ({ id, data: profile, ...event })),
      granted,
    )
  }

  /** Gives the members of the profiles, and of all that inherit from them, what they now give; what is to be recorded of it. */
  async regrant(actor: Actor, ids: readonly string[]): Promise<readonly Change[]> {
    return ids.length === 0 ? [] : this.#access.reconcile(actor, await this.#profiles.descendants(ids))
  }

  async record(
    actor: Actor,
    events: readonly (ProfileEvent & { readonly id: string; readonly data: object })[],
    others: readonly Change[] = [],
  ): Promise<void> {
    if (events.length + others.length > 0) await this.#changes.record(actor, ...events.map(change), ...others)
  }
}

function change({ verb, id, data, metadata }: ProfileEvent & { readonly id: string; readonly data: object }): Change {
  return {
    action: `access_profile.${verb}`,
    resource: { type: 'access_profile', id },
    data,
    ...(metadata && { metadata }),
  }
}
