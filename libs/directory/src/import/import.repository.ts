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

  /** One batch or nothing: a transaction, or a part of the one that is open. */
  batch<T>(work: () => Promise<T>, part: boolean): Promise<T> {
    return part ? this.#savepoint(work) : this.#database.transaction(work)
  }

  async #savepoint<T>(work: () => Promise<T>): Promise<T> {
    await this.#database.query(raw('savepoint import_batch').toStatement())
    try {
      const result = await work()
      await this.#database.query(raw('release savepoint import_batch').toStatement())
      return result
    } catch (error) {
      await this.#database.query(raw('rollback to savepoint import_batch').toStatement())
      throw error
    }
  }
}
