import { Injectable } from '@nestjs/common'
import { Tasks } from '#directory'
import { DomainError, type Actor } from '#kernel'
import { Database, type Precondition } from '#platform'
import type { AccessProfile, ProfileUserView } from './access-profiles.dto.ts'
import { AccessProfilesRepository, type ProfileUser } from './access-profiles.repository.ts'
import { MemberAccess } from './member-access.ts'
import { MembersRepository } from './members.repository.ts'
import { ProfileChanges, type ProfileEvent } from './profile-changes.ts'
import { limited, wrongField } from './profile-rules.ts'

export const usersNamed = 50

/** What becomes of the people who hold a profile that is deleted: they keep it from that, or they lose what it gives. */
export interface Removal {
  readonly members?: 'keep' | 'lose'
}

export interface RemovalReport {
  readonly deleted: readonly string[]
  /** What stays, and the profiles that inherit from it. */
  readonly in_use: readonly { readonly id: string; readonly users: readonly ProfileUserView[] }[]
  /** The task that says so; null when nothing was deleted. */
  readonly task_id: string | null
}

/** How profiles end. */
@Injectable()
export class ProfileRemovals {
  readonly #database: Database
  readonly #profiles: AccessProfilesRepository
  readonly #members: MembersRepository
  readonly #access: MemberAccess
  readonly #changes: ProfileChanges
  readonly #tasks: Tasks

  constructor(
    database: Database,
    profiles: AccessProfilesRepository,
    members: MembersRepository,
    access: MemberAccess,
    changes: ProfileChanges,
    tasks: Tasks,
  ) {
    this.#database = database
    this.#profiles = profiles
    this.#members = members
    this.#access = access
    this.#changes = changes
    this.#tasks = tasks
  }

  /** @throws DomainError `in_use` with `users`, while others inherit from it or it has members that keep it */
  remove(actor: Actor, id: string, precondition: Precondition, { members = 'keep' }: Removal = {}): Promise<void> {
    return this.#database.transaction(async () => {
      const before = await this.#changes.begin(actor, id, precondition)
      const users =
        members === 'keep'
          ? await this.#profiles.users(id, usersNamed)
          : await this.#profiles.inheriting([id], usersNamed)
      if (users.length > 0) throw inUse(before, users)
      await this.#remove(actor, [before])
    })
  }

  /**
   * Deletes those from which no other inherits; their members lose what they give. Without `bestEffort`, none when any of
   * them is in use. @throws DomainError `invalid_body` naming the ids that no profile has
   */
  removeMany(actor: Actor, ids: readonly string[], { bestEffort }: { bestEffort: boolean }): Promise<RemovalReport> {
    return this.#database.transaction(async () => {
      const found = await this.#changes.beginAll(actor, limited(ids))
      const unknown = ids.filter((id) => !found.has(id))
      if (unknown.length > 0) throw wrongField('ids', `No access profile has the id ${unknown.join(', ')}`, 'not_found')
      const users = Map.groupBy(await this.#profiles.inheriting(ids, usersNamed), ({ profile_id }) => profile_id)
      const free = users.size > 0 && !bestEffort ? [] : [...found.values()].filter(({ id }) => !users.has(id))
      const in_use = [...users].map(([id, each]) => ({ id, users: each.map(userOf) }))
      const deleted = free.map(({ id }) => id)
      const task_id = deleted.length === 0 ? null : await this.#taskOf(actor, deleted)
      await this.#remove(actor, free)
      return { deleted, in_use, task_id }
    })
  }

  #taskOf(actor: Actor, deleted: readonly string[]): Promise<string> {
    const description = `Delete ${deleted.length} access profiles`
    return this.#tasks.succeeded(actor, { name: 'access_profile.delete', description, result: { deleted } })
  }

  /** The profiles with the memberships that they have, and what came of those. */
  async #remove(actor: Actor, profiles: readonly AccessProfile[]): Promise<void> {
    const ids = profiles.map(({ id }) => id)
    const lost = await this.#members.removeAll(ids)
    const ended = lost.length === 0 ? [] : await this.#access.reconcile(actor, ids)
    await this.#profiles.removeAll(ids)
    const events: (ProfileEvent & { readonly id: string; readonly data: object })[] = [
      ...lost.map((data) => ({
        id: data.profile_id,
        verb: 'member_removed' as const,
        data,
        metadata: { identity_id: data.identity_id },
      })),
      ...profiles.map((data) => ({ id: data.id, verb: 'deleted' as const, data })),
    ]
    await this.#changes.record(actor, events, ended)
  }
}

export const userOf = ({ type, id, name }: ProfileUser): ProfileUserView => ({ type, id, name })

function inUse({ name }: AccessProfile, users: readonly ProfileUser[]): DomainError {
  const kinds = new Set(users.map(({ type }) => (type === 'identity' ? 'members' : 'profiles that inherit from it')))
  const message = `The access profile ${JSON.stringify(name)} has ${[...kinds].join(' and ')}`
  return new DomainError('in_use', message, { name, users: users.map(userOf) })
}
