import { Injectable, type OnModuleInit } from '@nestjs/common'
import { systemActor } from '#kernel'
import { Config, Jobs } from '#platform'
import { GrantsService } from './grants.service.ts'

const batch = 500

/** Writes down which grants have begun and which have ended, and sends their events. Reads never wait for it. */
@Injectable()
export class ExpiryJob implements OnModuleInit {
  readonly #jobs: Jobs
  readonly #grants: GrantsService
  readonly #config: Config

  constructor(jobs: Jobs, grants: GrantsService, config: Config) {
    this.#jobs = jobs
    this.#grants = grants
    this.#config = config
  }

  onModuleInit(): void {
    this.#jobs.register({
      name: 'grant-expiry',
      everyMs: this.#config.expiryIntervalMs,
      run: (tenantId) => this.run(tenantId),
    })
  }

  async run(tenantId: string): Promise<void> {
    const actor = systemActor(tenantId, 'grant-expiry')
    while ((await this.#grants.settle(actor, batch)) >= batch);
  }
}
