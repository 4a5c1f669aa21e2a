import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common'
import { DomainError } from '#kernel'
import { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'

/**
 * Ready: the database answers, its tables stand (the start migrates before it listens), what libraries require holds,
 * and nobody asked us to stop.
 */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  readonly #database: Database
  readonly #required: (() => void)[] = []
  #stopping = false

  constructor(database: Database) {
    this.#database = database
  }

  /** A library's own condition. @param check throws a DomainError `unavailable` while it does not hold */
  requires(check: () => void): void {
    this.#required.push(check)
  }

  async check(): Promise<{ status: 'ok' }> {
    if (this.#stopping)
      throw new DomainError('unavailable', 'The server is stopping', undefined, { headers: { 'retry-after': '1' } })
    for (const check of this.#required) check()
    await this.#database.query(sql`select 1 from audit_heads limit 0`.toStatement())
    return { status: 'ok' }
  }

  beforeApplicationShutdown(): void {
    this.#stopping = true
  }
}
