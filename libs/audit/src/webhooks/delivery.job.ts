import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common'
import { systemActor } from '#kernel'
import { Config, Jobs } from '#platform'
import { attempt, gone } from './attempt.ts'
import { DeliveriesRepository, type ClaimedDelivery } from './deliveries.repository.ts'
import { WebhookSecrets } from './webhook-secrets.ts'
import { WebhooksService } from './webhooks.service.ts'

const everyMs = 1000
const atOnce = 8

/**
 * Sends what is due, to each webhook at most eight at once. Nobody waits for another's receiver: neither the job, nor the
 * other webhooks. Nothing is open in the database while a delivery is under way.
 */
@Injectable()
export class DeliveryJob implements OnModuleInit, OnModuleDestroy {
  readonly #jobs: Jobs
  readonly #deliveries: DeliveriesRepository
  readonly #webhooks: WebhooksService
  readonly #secrets: WebhookSecrets
  readonly #allowPrivate: boolean
  readonly #logger = new Logger('Webhooks')
  /** By webhook. */
  readonly #underWay = new Map<string, Promise<void>>()
  #stopped = false

  constructor(
    jobs: Jobs,
    deliveries: DeliveriesRepository,
    webhooks: WebhooksService,
    secrets: WebhookSecrets,
    config: Config,
  ) {
    this.#jobs = jobs
    this.#deliveries = deliveries
    this.#webhooks = webhooks
    this.#secrets = secrets
    this.#allowPrivate = config.allowPrivateHosts
  }

  onModuleInit(): void {
    this.#jobs.register({ name: 'webhook-delivery', everyMs, run: (tenantId) => this.begin(tenantId) })
  }

  /** Finishes the attempts under way. */
  async onModuleDestroy(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#underWay.values())
  }

  /** Begins to send what is due for the tenant of the context, and does not wait for it. */
  async begin(tenantId: string): Promise<void> {
    for (const webhookId of await this.#deliveries.dueWebhooks()) {
      if (this.#stopped || this.#underWay.has(webhookId)) continue
      const sending = this.#sendAll(tenantId, webhookId).finally(() => this.#underWay.delete(webhookId))
      this.#underWay.set(webhookId, sending)
    }
  }

  /** The same, until it is sent. */
  async run(tenantId: string): Promise<void> {
    await this.begin(tenantId)
    await Promise.all(this.#underWay.values())
  }

  async #sendAll(tenantId: string, webhookId: string): Promise<void> {
    const warn = (error: unknown): void => this.#logger.warn(error instanceof Error ? error.message : String(error))
    const first = await this.#deliveries.claim(webhookId, atOnce).catch(warn)
    await Promise.all((first ?? []).map((delivery) => this.#sendFrom(tenantId, delivery).catch(warn)))
  }

  async #sendFrom(tenantId: string, first: ClaimedDelivery): Promise<void> {
    let delivery: ClaimedDelivery | undefined = first
    while (delivery) {
      await this.#send(tenantId, delivery)
      if (this.#stopped) return
      ;[delivery] = await this.#deliveries.claim(delivery.webhook_id, 1)
    }
  }

  async #send(tenantId: string, delivery: ClaimedDelivery): Promise<void> {
    const outcome = await attempt(delivery, this.#secrets, this.#allowPrivate)
    await this.#deliveries.settle(delivery, outcome)
    if (outcome.last_status !== gone) return
    const actor = systemActor(tenantId, 'webhook-delivery')
    await this.#webhooks.disable(actor, delivery.webhook_id, delivery.url, 'The receiver answered 410 Gone')
  }
}
