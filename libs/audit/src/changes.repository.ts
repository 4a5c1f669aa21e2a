import { Injectable } from '@nestjs/common'
import { Database, sql } from '#platform'

/** The tenant's chain and outbox, which the database's own functions append to (prisma/migrations). */
@Injectable()
export class ChangesRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Until the transaction ends, nobody else appends. */
  async lock(): Promise<void> {
    await this.#database.query(sql`select lock_chain()::text as done`.toStatement())
  }

  async append(rows: readonly object[]): Promise<void> {
    await this.#database.query(
      sql`select record_changes(${JSON.stringify(rows)}::text::jsonb)::text as done`.toStatement(),
    )
  }
}
