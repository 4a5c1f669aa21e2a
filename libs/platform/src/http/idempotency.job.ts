import { Injectable, type OnModuleInit } from '@nestjs/common'
import { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { Jobs } from '../jobs/jobs.ts'
import { keptHours } from './idempotency.interceptor.ts'

const batch = 1000

/** Forgets the answers of keys that are no longer good. */
@Injectable()
export class IdempotencyJob implements OnModuleInit {
  readonly #database: Database
  readonly #jobs: Jobs

  constructor(database: Database, jobs: Jobs) {
    this.#database = database
    this.#jobs = jobs
  }

  onModuleInit(): void {
    this.#jobs.register({ name: 'idempotency-keys', everyMs: 600_000, run: () => this.run() })
  }

  async run(): Promise<void> {
    const old = sql`
      with old as (
        select credential_id, key_hash from idempotency_keys
        where created_at < app_now() - make_interval(hours => ${keptHours}::int)
        limit ${batch}::int for update skip locked
      ), gone as (
        delete from idempotency_keys using old
        where idempotency_keys.credential_id = old.credential_id and idempotency_keys.key_hash = old.key_hash
        returning 1
      )
      select count(*)::int as gone from gone`
    let gone: number
    do {
      const [row] = await this.#database.query<{ gone: number }>(old.toStatement())
      gone = row?.gone ?? 0
    } while (gone === batch)
  }
}
