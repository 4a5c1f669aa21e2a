import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { notFound, type Actor } from '#kernel'
import { Database, type JsonText, type PageQuery } from '#platform'
import { ObjectsService } from '../objects.service.ts'
import type { CreateGroup, GroupFields } from './groups.dto.ts'
import { GroupsRepository, type Membership } from './groups.repository.ts'

@Injectable()
export class GroupsService extends ObjectsService<GroupFields, CreateGroup> {
  readonly #groups: GroupsRepository

  constructor(database: Database, groups: GroupsRepository, changes: Changes) {
    super(database, groups, changes)
    this.#groups = groups
  }

  async listMembers(actor: Actor, id: string, { limit, cursor }: PageQuery): Promise<JsonText> {
    await this.get(actor, id)
    return this.#groups.listMembers(id, { limit, cursor })
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

  /** Inside a transaction: how many memberships were changed, each with its own audit entry. */
  async changeMembers(
    actor: Actor,
    { add, remove }: { add: readonly Membership[]; remove: readonly Membership[] },
  ): Promise<number> {
    const removed = remove.length === 0 ? [] : await this.#groups.removeMembers(remove)
    const added = add.length === 0 ? [] : await this.#groups.addMembers(add)
    const changes = [
      ...removed.map((each) => change('group.member_removed', each)),
      ...added.map((each) => change('group.member_added', each)),
    ]
    if (changes.length > 0) await this.changes.record(actor, ...changes)
    return changes.length
  }
}

function change(action: string, membership: Membership) {
  return {
    action,
    resource: { type: 'group', id: membership.group_id },
    data: membership,
    metadata: { identity_id: membership.identity_id },
  }
}
