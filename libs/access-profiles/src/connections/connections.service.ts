import { Injectable } from '@nestjs/common'
import { GroupsService } from '#directory'
import type { Actor } from '#kernel'
import type { OffsetPage, OffsetRequest, Projection } from '#platform'
import { ConnectionsRepository } from './connections.repository.ts'

/** What groups are there for. */
@Injectable()
export class ConnectionsService {
  readonly #connections: ConnectionsRepository
  readonly #groups: GroupsService

  constructor(connections: ConnectionsRepository, groups: GroupsService) {
    this.#connections = connections
    this.#groups = groups
  }

  /** In a view of `groupConnections`, oldest object first. @throws DomainError `not_found` */
  async listByOffset(actor: Actor, groupId: string, page: OffsetRequest, view: Projection): Promise<OffsetPage> {
    await this.#groups.get(actor, groupId)
    return this.#connections.list(groupId, page, view)
  }
}
