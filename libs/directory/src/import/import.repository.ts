import { Injectable } from '@nestjs/common'
import { Database, raw } from '#platform'

const hour = 3_600_000

/** How the writes of an import hold together. */
@Injectable()
export class ImportRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The whole import or nothing. */
  whole<T>(work: () => Promise<T>): Promise<T> {
    return this.#database.transaction(work, { timeout: hour })
  }

  /**
   * One batch or nothing: a transaction, or a part of the one that is open. PostgreSQL takes a tenant that its statistics do
   * not know for one without rows, goes through all of them, and compares each with every name that it looks for. Where it
   * plans with the names it makes a hash table of them.
   */
  batch<T>(work: () => Promise<T>): Promise<T> {
    return this.#database.part(async () => {
      await this.#database.query(raw('set local plan_cache_mode = force_custom_plan').toStatement())
      return work()
    })
  }
}
