import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common'
import { setTimeout as pause } from 'node:timers/promises'
import { operatorTenant } from '#kernel'
import { Database } from '../database/database.ts'
import { raw } from '../database/sql.ts'
import { forTenant, openContext } from '../tenancy/context.ts'

export interface Job {
  readonly name: string
  readonly everyMs: number
  /** Does what is due for the tenant of the context. Claims its rows with SKIP LOCKED: every process runs it. */
  run(tenantId: string): Promise<void>
}

/**
 * Work that nobody asked for by a request. The rows whose time has come are the queue: a job only wakes up, looks and
 * does, for one tenant after the other. A run that fails is logged and comes again; the other tenants have theirs.
 */
@Injectable()
export class Jobs implements OnModuleDestroy {
  readonly #database: Database
  readonly #logger = new Logger('Jobs')
  readonly #jobs: Job[] = []
  readonly #stop = new AbortController()
  #running: Promise<void>[] = []

  constructor(database: Database) {
    this.#database = database
  }

  register(job: Job): void {
    this.#jobs.push(job)
  }

  /** Once the server listens; the operator's command line never does. */
  start(): void {
    this.#running = this.#jobs.map((job) => this.#loop(job))
  }

  /** Waits for the runs under way. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#running)
  }

  async #loop(job: Job): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      await this.runOnce(job).catch((error: unknown) => this.#failed(job, error))
      await pause(job.everyMs, undefined, { signal }).catch(() => undefined)
    }
  }

  async runOnce(job: Job): Promise<void> {
    await openContext(null, async () => {
      for (const tenantId of await this.#tenants()) {
        if (this.#stop.signal.aborted) return
        await forTenant(tenantId, () => job.run(tenantId)).catch((error: unknown) => this.#failed(job, error))
      }
    })
  }

  #failed({ name }: Job, error: unknown): void {
    this.#logger.warn(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }

  #tenants(): Promise<string[]> {
    return forTenant(operatorTenant, async () => {
      const rows = await this.#database.query<{ id: string }>(
        raw('select id::text as id from tenants where deleted_at is null order by id').toStatement(),
      )
      return rows.map(({ id }) => id)
    })
  }
}
