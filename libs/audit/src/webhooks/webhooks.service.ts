import { Injectable } from '@nestjs/common'
import { DomainError, newId, notFound, type Actor } from '#kernel'
import { addressProblem, Config, Database, type JsonText, type ListQuery, type Precondition } from '#platform'
import { changedFields, plain } from '../changed-fields.ts'
import { Changes, type Change } from '../changes.ts'
import { DeliveriesRepository } from './deliveries.repository.ts'
import { checkMayRead } from './event-types.ts'
import { WebhookSecrets } from './webhook-secrets.ts'
import type {
  CreatedWebhook,
  CreateWebhook,
  DeliveryQuery,
  DeliveryView,
  UpdatedWebhook,
  UpdateWebhook,
  WebhookView,
} from './webhooks.dto.ts'
import { WebhooksRepository } from './webhooks.repository.ts'

/** How many webhooks a tenant can have, disabled ones too. */
export const mostWebhooks = 50

/**
 * Where a tenant wants its events. Whoever records a change waits for the end of the chain and then refers to webhooks, so
 * whoever changes a webhook waits for the end of the chain first.
 */
@Injectable()
export class WebhooksService {
  readonly #database: Database
  readonly #webhooks: WebhooksRepository
  readonly #deliveries: DeliveriesRepository
  readonly #secrets: WebhookSecrets
  readonly #changes: Changes
  readonly #allowPrivate: boolean

  constructor(
    database: Database,
    webhooks: WebhooksRepository,
    deliveries: DeliveriesRepository,
    secrets: WebhookSecrets,
    changes: Changes,
    config: Config,
  ) {
    this.#database = database
    this.#webhooks = webhooks
    this.#deliveries = deliveries
    this.#secrets = secrets
    this.#changes = changes
    this.#allowPrivate = config.allowPrivateHosts
  }

  list(_actor: Actor, page: ListQuery): Promise<JsonText> {
    return this.#webhooks.list(page)
  }

  async get(_actor: Actor, id: string): Promise<WebhookView> {
    return found(id, await this.#webhooks.find(id))
  }

  create(actor: Actor, { name, url, event_types = [], enabled = true }: CreateWebhook): Promise<CreatedWebhook> {
    this.#checkUrl(url)
    checkMayRead(actor, event_types)
    return this.#database.transaction(async () => {
      await this.#changes.serialize()
      if ((await this.#webhooks.count()) >= mostWebhooks)
        throw invalidState(`A tenant has at most ${mostWebhooks} webhooks; delete one first`)
      const id = newId()
      const { secret, sealed } = this.#secrets.make(id)
      await this.#webhooks.insert(id, { name, url, event_types, enabled, secret: sealed })
      const webhook = await this.get(actor, id)
      await this.#changes.record(actor, change('created', webhook))
      return { ...webhook, secret }
    })
  }

  /** Merges: what the patch does not name stays. A patch that changes nothing writes nothing. */
  update(actor: Actor, id: string, patch: UpdateWebhook, precondition: Precondition): Promise<UpdatedWebhook> {
    if (patch.url !== undefined) this.#checkUrl(patch.url)
    return this.#database.transaction(async () => {
      const before = await this.#lock(id)
      precondition.check(before.version)
      checkMayRead(actor, before.event_types, patch.event_types ?? before.event_types)
      const { rotate_secret = false, ...given } = plain(patch)
      const fields = changedFields(before, given)
      const made = rotate_secret ? this.#secrets.make(id) : null
      if (Object.keys(fields).length === 0 && made === null) return before
      await this.#webhooks.update(id, { ...fields, ...(made && { secret: made.sealed }) })
      if (fields.enabled === false) await this.#deliveries.failAll(id, 'The webhook was disabled')
      const webhook = await this.get(actor, id)
      const names = [...Object.keys(fields), ...(made ? ['secret'] : [])]
      await this.#changes.record(actor, { ...change('updated', webhook), metadata: { fields: names } })
      return { ...webhook, ...(made && { secret: made.secret }) }
    })
  }

  remove(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return this.#database.transaction(async () => {
      const webhook = await this.#lock(id)
      precondition.check(webhook.version)
      await this.#webhooks.remove(id)
      await this.#changes.record(actor, change('deleted', webhook))
    })
  }

  /** The receiver at this url wants nothing more. */
  disable(actor: Actor, id: string, url: string, reasoning: string): Promise<void> {
    return this.#database.transaction(async () => {
      await this.#changes.serialize()
      const before = await this.#webhooks.lock(id)
      if (!before?.enabled || before.url !== url) return
      await this.#webhooks.update(id, { enabled: false })
      await this.#deliveries.failAll(id, reasoning)
      const disabled = change('updated', await this.get(actor, id))
      await this.#changes.record(actor, { ...disabled, metadata: { fields: ['enabled'] }, reasoning })
    })
  }

  async deliveries(actor: Actor, id: string, { status, ...page }: DeliveryQuery): Promise<JsonText> {
    await this.get(actor, id)
    return this.#deliveries.list(id, status, page)
  }

  redeliver(actor: Actor, id: string, deliveryId: string): Promise<DeliveryView> {
    return this.#database.transaction(async () => {
      const { enabled } = await this.#lock(id)
      const before = foundDelivery(deliveryId, await this.#deliveries.find(id, deliveryId))
      checkMayRead(actor, [before.event_type])
      if (before.status === 'pending') throw invalidState('The delivery is still pending; it is sent anyway')
      if (!enabled) throw invalidState('The webhook is disabled; enable it first')
      await this.#deliveries.renew(deliveryId)
      const delivery = foundDelivery(deliveryId, await this.#deliveries.find(id, deliveryId))
      await this.#changes.record(actor, {
        action: 'webhook_delivery.renewed',
        resource: { type: 'webhook_delivery', id: deliveryId },
        data: delivery,
      })
      return delivery
    })
  }

  async #lock(id: string): Promise<WebhookView> {
    await this.#changes.serialize()
    return found(id, await this.#webhooks.lock(id))
  }

  #checkUrl(url: string): void {
    const problem = addressProblem(url, { allowPrivate: this.#allowPrivate })
    if (problem === null) return
    throw new DomainError('invalid_body', `url ${problem}`, { field: 'url' })
  }
}

function found(id: string, webhook: WebhookView | null): WebhookView {
  if (webhook === null) throw notFound('webhook', id)
  return webhook
}

function foundDelivery(id: string, delivery: DeliveryView | null): DeliveryView {
  if (delivery === null) throw notFound('webhook_delivery', id)
  return delivery
}

function invalidState(message: string): DomainError {
  return new DomainError('invalid_state', message)
}

function change(verb: 'created' | 'updated' | 'deleted', webhook: WebhookView): Change {
  return { action: `webhook.${verb}`, resource: { type: 'webhook', id: webhook.id }, data: webhook }
}
