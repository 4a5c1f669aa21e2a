import { Injectable } from '@nestjs/common'
import { DomainError, notFound, type Actor } from '#kernel'
import { Database, type PageText, type PageRequest, type Projection } from '#platform'
import { memberProjection } from './access-profiles.fields.ts'
import { AccessProfilesService } from './access-profiles.service.ts'
import { MemberAccess } from './member-access.ts'
import type { MemberOutcome, MembersReport } from './members.dto.ts'
import { MembersRepository, type Membership } from './members.repository.ts'
import { ProfileChanges, type ProfileVerb } from './profile-changes.ts'

/** Who holds a profile. An assignment gives what the profile gives, as long as both last. */
@Injectable()
export class MembersService {
  readonly #database: Database
  readonly #service: AccessProfilesService
  readonly #members: MembersRepository
  readonly #access: MemberAccess
  readonly #changes: ProfileChanges

  constructor(
    database: Database,
    service: AccessProfilesService,
    members: MembersRepository,
    access: MemberAccess,
    changes: ProfileChanges,
  ) {
    this.#database = database
    this.#service = service
    this.#members = members
    this.#access = access
    this.#changes = changes
  }

  /** Newest first. */
  async list(actor: Actor, id: string, page: PageRequest, view: Projection = memberProjection): Promise<PageText> {
    await this.#service.see(actor, id)
    return this.#members.list(id, page, view)
  }

  /** All of them or none. @throws DomainError `invalid_body` naming who cannot be added, and why */
  addAll(actor: Actor, id: string, identityIds: readonly string[]): Promise<MembersReport> {
    return this.#database.transaction(async () => {
      const report = await this.add(actor, id, identityIds)
      const fields = report.items.flatMap(({ error }, index) =>
        error ? [{ field: `identity_ids.${index}`, message: `identity_ids.${index}: ${error.message}` }] : [],
      )
      if (fields.length === 0) return report
      throw new DomainError('invalid_body', fields.map(({ message }) => message).join('; '), { fields })
    })
  }

  /** Each for itself: one that cannot be added keeps the others from nothing. Adding a member again changes nothing. */
  add(actor: Actor, id: string, identityIds: readonly string[]): Promise<MembersReport> {
    return this.#database.transaction(async () => {
      await this.#changes.begin(actor, id)
      const states = await this.#members.lifecycleStates(identityIds)
      const active = identityIds.filter((each) => states.get(each) === 'active')
      const memberships = active.map((identity_id) => ({ profile_id: id, identity_id }))
      const held = await this.#members.existing([id], identityIds)
      const added = await this.#members.add(memberships, 'manual', actor.id)
      await this.record(actor, 'member_added', added, { created_from: 'manual' })
      const items = identityIds.map((each): MemberOutcome =>
        held.has(`${id} ${each}`) ? { identity_id: each, outcome: 'unchanged' } : additionOf(each, states.get(each)),
      )
      return { items }
    })
  }

  /** Each for itself. */
  removeMany(actor: Actor, id: string, identityIds: readonly string[]): Promise<MembersReport> {
    return this.#database.transaction(async () => {
      await this.#changes.begin(actor, id)
      const removed = await this.#members.remove(identityIds.map((identity_id) => ({ profile_id: id, identity_id })))
      await this.record(actor, 'member_removed', removed, {})
      const gone = new Set(removed.map(({ identity_id }) => identity_id))
      const items = identityIds.map((identity_id): MemberOutcome => ({
        identity_id,
        outcome: gone.has(identity_id) ? 'removed' : 'unchanged',
      }))
      return { items }
    })
  }

  /** @throws DomainError `not_found` for who is no member */
  async remove(actor: Actor, id: string, identityId: string): Promise<void> {
    const { items } = await this.removeMany(actor, id, [identityId])
    if (items[0]?.outcome !== 'removed') throw notFound('member', identityId)
  }

  /** Gives or takes what the memberships give, and records both. Comes last. */
  async record(
    actor: Actor,
    verb: ProfileVerb & ('member_added' | 'member_removed'),
    memberships: readonly Membership[],
    metadata: object,
  ): Promise<void> {
    if (memberships.length === 0) return
    const profiles = [...new Set(memberships.map(({ profile_id }) => profile_id))]
    const identities = [...new Set(memberships.map(({ identity_id }) => identity_id))]
    const granted = await this.#access.reconcile(actor, profiles, identities)
    const events = memberships.map((data) => ({
      id: data.profile_id,
      verb,
      data,
      metadata: { identity_id: data.identity_id, ...metadata },
    }))
    await this.#changes.record(actor, events, granted)
  }
}

/** Of one that was no member before. */
function additionOf(identity_id: string, state: string | undefined): MemberOutcome {
  if (state === undefined) {
    const { code, message } = notFound('identity', identity_id)
    return { identity_id, outcome: 'failed', error: { code, message } }
  }
  if (state === 'active') return { identity_id, outcome: 'added' }
  const message = `The identity ${identity_id} is ${state}: it gets no new access`
  return { identity_id, outcome: 'failed', error: { code: 'invalid_state', message } }
}
