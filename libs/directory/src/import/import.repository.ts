import { Injectable } from '@nestjs/common'
import { Database } from '#platform'

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
  batch<T>(work: () => Promise<T>): Promise<T> {
    return this.#database.part(work)
  }
}
