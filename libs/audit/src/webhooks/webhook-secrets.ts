import { Injectable } from '@nestjs/common'
import { createHmac, randomBytes } from 'node:crypto'
import { Config, seal, unseal, type Sealing } from '#platform'

const keyBytes = 32

export interface SignedMessage {
  readonly webhook_id: string
  /** Sealed. */
  readonly secret: Uint8Array
  readonly event_id: string
  /** Seconds. */
  readonly timestamp: string
  readonly body: string
}

/** The keys that deliveries are signed with, and how they are kept (https://www.standardwebhooks.com). */
@Injectable()
export class WebhookSecrets {
  readonly #operatorKey: string | null

  constructor(config: Config) {
    this.#operatorKey = config.operatorApiKey
  }

  /** The secret as its owner sees it, once, and as it is stored. */
  make(webhookId: string): { secret: string; sealed: Uint8Array<ArrayBuffer> } {
    const key = randomBytes(keyBytes)
    return { secret: `whsec_${key.toString('base64')}`, sealed: seal(this.#sealing(webhookId), key) }
  }

  /** The headers of one attempt, or null when the secret was sealed under another operator key. */
  sign(message: SignedMessage): Record<string, string> | null {
    const { webhook_id, secret, event_id, timestamp, body } = message
    const key = unseal(this.#sealing(webhook_id), secret)
    if (key === null) return null
    const signature = createHmac('sha256', key).update(`${event_id}.${timestamp}.${body}`).digest('base64')
    return {
      'webhook-id': event_id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    }
  }

  #sealing(webhookId: string): Sealing {
    if (this.#operatorKey === null)
      throw new Error('Webhooks cannot be signed without OPERATOR_API_KEY: it protects their secrets')
    return { under: this.#operatorKey, use: 'castellan webhook secret', of: webhookId }
  }
}
