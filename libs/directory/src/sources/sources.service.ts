import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { DomainError, type Actor } from '#kernel'
import { Database, type OffsetPage, type OffsetRequest, type Precondition, type Projection } from '#platform'
import { IdentitiesService } from '../identities/identities.service.ts'
import { ObjectUses } from '../uses/object-uses.ts'
import { ObjectsService } from '../objects.service.ts'
import { subAdministrator } from '../sub-administrators.ts'
import { Tasks } from '../tasks/tasks.service.ts'
import type { CreateSource, SourceFields } from './sources.dto.ts'
import { SourcesRepository } from './sources.repository.ts'

@Injectable()
export class SourcesService extends ObjectsService<SourceFields, CreateSource> {
  readonly #sources: SourcesRepository
  readonly #identities: IdentitiesService
  readonly #tasks: Tasks

  constructor(
    database: Database,
    sources: SourcesRepository,
    changes: Changes,
    uses: ObjectUses,
    identities: IdentitiesService,
    tasks: Tasks,
  ) {
    super(database, sources, changes, uses)
    this.#identities = identities
    this.#sources = sources
    this.#tasks = tasks
  }

  /** For a client that counts: those of a sub-administrator, named as IdentitiesService.subAdministrator has it; null: all. */
  async listFor(actor: Actor, page: OffsetRequest, named: string | null, view: Projection): Promise<OffsetPage> {
    if (named === null) return this.listByOffset(actor, page, view)
    const by = await this.#identities.subAdministrator(actor, named, 'for-subadmin')
    return this.#sources.listManaged(view, page, subAdministrator(actor), by)
  }

  /** For a client that asks later what became of it: the id of the task, which is over when this answers. */
  removeAsTask(actor: Actor, id: string, precondition: Precondition): Promise<string> {
    return this.database.transaction(async () => {
      const { name } = await this.get(actor, id)
      const task = await this.#tasks.succeeded(actor, {
        name: 'source.delete',
        description: `Delete the source ${name}`,
        target: { type: 'source', id, name },
      })
      await this.remove(actor, id, precondition)
      return task
    })
  }

  /** A sub-administrator neither makes nor leaves behind a source that it does not administer. */
  protected override async checkStored(actor: Actor, { management_group_id: group }: SourceFields): Promise<void> {
    const identity = subAdministrator(actor)
    if (identity === null || (group !== null && (await this.#sources.isMember(group, identity)))) return
    const message = 'management_group_id: a sub-administrator names a group of which it is a member'
    throw new DomainError('forbidden', message, { field: 'management_group_id' })
  }
}
