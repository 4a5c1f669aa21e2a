import { Injectable } from '@nestjs/common'
import { Changes, type Change } from '#audit'
import { DomainError, notFound, type Actor } from '#kernel'
import {
  Database,
  Precondition,
  type JsonText,
  type OffsetPage,
  type OffsetRequest,
  type ListQuery,
  type Projection,
} from '#platform'
import { ObjectUses } from '../uses/object-uses.ts'
import { ObjectsService } from '../objects.service.ts'
import type { CreateGroup, GroupFields } from './groups.dto.ts'
import { GroupsRepository, type Membership } from './groups.repository.ts'

/** `absent`: nobody has the id, or it is no member. `unchanged`: it was a member already. */
export type MemberOutcome = 'done' | 'unchanged' | 'absent'

@Injectable()
export class GroupsService extends ObjectsService<GroupFields, CreateGroup> {
  readonly #groups: GroupsRepository

  constructor(database: Database, groups: GroupsRepository, changes: Changes, uses: ObjectUses) {
    super(database, groups, changes, uses)
    this.#groups = groups
  }

  async listMembers(actor: Actor, id: string, page: ListQuery): Promise<JsonText> {
    await this.get(actor, id)
    return this.#groups.listMembers(id, page)
  }

  /** Adding a member again changes nothing. */
  addMember(actor: Actor, id: string, identityId: string): Promise<void> {
    return this.database.transaction(async () => {
      if (!(await this.#groups.hold('group', id))) throw notFound('group', id)
      if (!(await this.#groups.hold('identity', identityId))) throw notFound('identity', identityId)
      await this.changeMembers(actor, { add: [{ group_id: id, identity_id: identityId }], remove: [] })
    })
  }

  removeMember(actor: Actor, id: string, identityId: string): Promise<void> {
    return this.database.transaction(async () => {
      await this.get(actor, id)
      const removed = await this.changeMembers(actor, { add: [], remove: [{ group_id: id, identity_id: identityId }] })
      if (removed === 0) throw notFound('member', identityId)
    })
  }

  /** The members in another view, for a client that counts; `t` is the identity. */
  async listMembersByOffset(actor: Actor, id: string, page: OffsetRequest, view: Projection): Promise<OffsetPage> {
    await this.get(actor, id)
    return this.#groups.listMembersByOffset(id, page, view)
  }

  /** Adds those that are there and no members yet. What became of each, in the given order. */
  addMembers(actor: Actor, id: string, identityIds: readonly string[]): Promise<MemberOutcome[]> {
    return this.database.transaction(async () => {
      if (!(await this.#groups.hold('group', id))) throw notFound('group', id)
      const absent = new Set(await this.#groups.absent('identity', identityIds))
      const known = identityIds.filter((each) => !absent.has(each))
      const added = await this.#change(actor, { add: known.map((each) => memberOf(id, each)), remove: [] })
      return identityIds.map((each) => (absent.has(each) ? 'absent' : added.delete(each) ? 'done' : 'unchanged'))
    })
  }

  /** Removes those that are members. What became of each, in the given order. */
  removeMembers(actor: Actor, id: string, identityIds: readonly string[]): Promise<MemberOutcome[]> {
    return this.database.transaction(async () => {
      await this.get(actor, id)
      const removed = await this.#change(actor, { add: [], remove: identityIds.map((each) => memberOf(id, each)) })
      return identityIds.map((each) => (removed.delete(each) ? 'done' : 'absent'))
    })
  }

  /** Each by itself: what is in use stays, and the others go. What became of each, in the given order. */
  async removeMany(actor: Actor, ids: readonly string[]): Promise<('done' | DomainError)[]> {
    const outcomes: ('done' | DomainError)[] = []
    for (const id of ids) {
      const removal = this.database.part(() => this.remove(actor, id, new Precondition(undefined)))
      outcomes.push(await removal.then(done, refusal))
    }
    return outcomes
  }

  /** Inside a transaction: how many memberships were changed, each with its own audit entry. */
  async changeMembers(
    actor: Actor,
    { add, remove }: { add: readonly Membership[]; remove: readonly Membership[] },
  ): Promise<number> {
    return (await this.#change(actor, { add, remove })).size
  }

  /** The identities whose membership was changed. */
  async #change(
    actor: Actor,
    { add, remove }: { add: readonly Membership[]; remove: readonly Membership[] },
  ): Promise<Set<string>> {
    const removed = remove.length === 0 ? [] : await this.#groups.removeMembers(remove)
    const added = add.length === 0 ? [] : await this.#groups.addMembers(add)
    const changes = [
      ...removed.map((each) => change('group.member_removed', each)),
      ...added.map((each) => change('group.member_added', each)),
    ]
    if (changes.length > 0) await this.changes.record(actor, ...changes)
    return new Set([...removed, ...added].map(({ identity_id }) => identity_id))
  }
}

const memberOf = (group_id: string, identity_id: string): Membership => ({ group_id, identity_id })
const done = (): 'done' => 'done'

function refusal(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  throw error
}

function change(action: Change['action'], membership: Membership): Change {
  return {
    action,
    resource: { type: 'group', id: membership.group_id },
    data: membership,
    metadata: { identity_id: membership.identity_id },
  }
}
