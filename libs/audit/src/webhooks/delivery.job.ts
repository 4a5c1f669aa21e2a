import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common'
import { systemActor } from '#kernel'
import { Config, Jobs } from '#platform'
import { attempt, gone } from './attempt.ts'
import { DeliveriesRepository, type ClaimedDelivery } from './deliveries.repository.ts'
import { WebhookSecrets } from './webhook-secrets.ts'
import { WebhooksService } from './webhooks.service.ts'

const everyMs = 1000
const webhooksAtOnce = 8
const deliveriesAtOnce = 8

/** The webhooks of a tenant that have something to send. */
interface Line {
  /** In the order in which it is their turn. */
  readonly waiting: string[]
  /** Those that wait, and those whose turn it is. */
  readonly known: Set<string>
  /** What sends, each for one webhook after the other. */
  readonly senders: Set<Promise<void>>
}

/**
 * Sends what is due, for eight webhooks of a tenant at once. A turn is eight deliveries, sent together; a webhook that has
 * more comes again after the others. Neither the job nor another tenant waits for a receiver. Nothing is open in the database
 * while a delivery is under way.
 */
@Injectable()
export class DeliveryJob implements OnModuleInit, OnModuleDestroy {
  readonly #jobs: Jobs
  readonly #deliveries: DeliveriesRepository
  readonly #webhooks: WebhooksService
  readonly #secrets: WebhookSecrets
  readonly #allowPrivate: boolean
  readonly #logger = new Logger('Webhooks')
  /** By tenant. */
  readonly #lines = new Map<string, Line>()
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
    await Promise.all([...this.#lines.values()].flatMap(({ senders }) => [...senders]))
  }

  /** Begins to send what is due for the tenant of the context, and does not wait for it. */
  async begin(tenantId: string): Promise<void> {
    const line = this.#lineOf(tenantId)
    for (const webhookId of await this.#deliveries.dueWebhooks()) {
      if (line.known.has(webhookId)) continue
      line.known.add(webhookId)
      line.waiting.push(webhookId)
    }
    while (!this.#stopped && line.waiting.length > 0 && line.senders.size < webhooksAtOnce) {
      const sender = this.#sendTurns(tenantId, line).finally(() => line.senders.delete(sender))
      line.senders.add(sender)
    }
  }

  /** The same, until it is sent. */
  async run(tenantId: string): Promise<void> {
    await this.begin(tenantId)
    await Promise.all(this.#lineOf(tenantId).senders)
  }

  #lineOf(tenantId: string): Line {
    let line = this.#lines.get(tenantId)
    if (!line) this.#lines.set(tenantId, (line = { waiting: [], known: new Set(), senders: new Set() }))
    return line
  }

  async #sendTurns(tenantId: string, { waiting, known }: Line): Promise<void> {
    let webhookId: string | undefined
    while (!this.#stopped && (webhookId = waiting.shift()) !== undefined) {
      const sent = await this.#sendTurn(tenantId, webhookId)
      if (sent === deliveriesAtOnce) waiting.push(webhookId)
      else known.delete(webhookId)
    }
  }

  /** How many deliveries it was. */
  async #sendTurn(tenantId: string, webhookId: string): Promise<number> {
    const warn = (error: unknown): void => this.#logger.warn(error instanceof Error ? error.message : String(error))
    const claimed = (await this.#deliveries.claim(webhookId, deliveriesAtOnce).catch(warn)) ?? []
    await Promise.all(claimed.map((delivery) => this.#send(tenantId, delivery).catch(warn)))
    return claimed.length
  }

  async #send(tenantId: string, delivery: ClaimedDelivery): Promise<void> {
    const outcome = await attempt(delivery, this.#secrets, this.#allowPrivate)
    await this.#deliveries.settle(delivery, outcome)
    if (outcome.last_status !== gone) return
    const actor = systemActor(tenantId, 'webhook-delivery')
    await this.#webhooks.disable(actor, delivery.webhook_id, delivery.url, 'The receiver answered 410 Gone')
  }
}
