import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common'
import { DomainError } from '#kernel'
import { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'

/** Ready: the database answers, its tables stand (the start migrates before it listens), and nobody asked us to stop. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  readonly #database: Database
  #stopping = false

  constructor(database: Database) {
    this.#database = database
  }

  async check(): Promise<{ status: 'ok' }> {
    if (this.#stopping)
      throw new DomainError('unavailable', 'The server is stopping', undefined, { headers: { 'retry-after': '1' } })
    await this.#database.query(sql`select 1 from audit_heads limit 0`.toStatement())
    return { status: 'ok' }
  }

  beforeApplicationShutdown(): void {
    this.#stopping = true
  }
}
