import { Injectable } from '@nestjs/common'
import { Database, readOne, sql, type Projection } from '#platform'

export interface NewTask {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly created_by: string
  readonly target_type: string | null
  readonly target_id: string | null
  readonly target_name: string | null
  readonly state: 'succeeded'
  readonly result: object
}

@Injectable()
export class TasksRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async insert(task: NewTask): Promise<void> {
    await this.#database.prisma.tasks.create({ data: task })
  }

  find<T>(id: string, view: Projection): Promise<T | null> {
    return readOne(this.#database, view, [sql`t.id = ${id}::uuid`])
  }
}
