import { Injectable } from '@nestjs/common'
import { newId, notFound, type Actor } from '#kernel'
import type { Projection } from '#platform'
import { TasksRepository } from './tasks.repository.ts'

export interface TaskDone {
  /** What was done, such as `source.delete`. */
  readonly name: string
  readonly description: string
  /** What it was done to, when that is one object. */
  readonly target?: { readonly type: string; readonly id: string; readonly name: string }
  readonly result?: object
}

/** Work that some APIs answer with a number to ask about later. Here it is done in the transaction of the request. */
@Injectable()
export class Tasks {
  readonly #tasks: TasksRepository

  constructor(tasks: TasksRepository) {
    this.#tasks = tasks
  }

  /** Writes down that it is done, in the transaction that does it. Gives the task's id. */
  async succeeded(actor: Actor, { name, description, target, result = {} }: TaskDone): Promise<string> {
    const id = newId()
    await this.#tasks.insert({
      id,
      name,
      description,
      created_by: actor.id,
      target_type: target?.type ?? null,
      target_id: target?.id ?? null,
      target_name: target?.name ?? null,
      state: 'succeeded',
      result,
    })
    return id
  }

  /** A task in the shape of a dialect. @throws DomainError `not_found` */
  async get<T>(_actor: Actor, id: string, view: Projection): Promise<T> {
    const task = await this.#tasks.find<T>(id, view)
    if (task === null) throw notFound('task', id)
    return task
  }
}
