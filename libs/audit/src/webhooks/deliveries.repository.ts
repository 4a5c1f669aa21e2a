import { Injectable } from '@nestjs/common'
import { Database, readOne, readPage, sql, type JsonText, type PageRequest } from '#platform'
import type { DeliveryView } from './webhooks.dto.ts'
import { deliveryProjection, latestEventFirst, type DeliveryStatus } from './webhooks.fields.ts'

/** One attempt, and all that it needs. */
export interface ClaimedDelivery {
  readonly id: string
  /** Of the delivery once it was claimed: its outcome counts only while it is still this one. */
  readonly version: number
  readonly attempts: number
  readonly event_id: string
  /** JSON, the same at every attempt. */
  readonly body: string
  /** Seconds, by the installation's clock. */
  readonly timestamp: string
  readonly webhook_id: string
  readonly url: string
  /** Sealed. */
  readonly secret: Uint8Array
}

export interface Outcome {
  readonly status: DeliveryStatus
  readonly last_status: number | null
  readonly last_error: string | null
  /** Until the next attempt, of a pending one. */
  readonly seconds: number | null
}

/** Longer than any attempt takes. */
const leaseSeconds = 60

@Injectable()
export class DeliveriesRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(webhookId: string, status: DeliveryStatus | undefined, page: PageRequest): Promise<JsonText> {
    const conditions = [
      sql`t.webhook_id = ${webhookId}::uuid`,
      ...(status === undefined ? [] : [sql`t.status = ${status}`]),
    ]
    return readPage(this.#database, deliveryProjection, page, conditions, { webhookId, status }, latestEventFirst)
  }

  find(webhookId: string, id: string): Promise<DeliveryView | null> {
    const conditions = [sql`t.id = ${id}::uuid`, sql`t.webhook_id = ${webhookId}::uuid`]
    return readOne(this.#database, deliveryProjection, conditions)
  }

  /** Due now, with all of its attempts. */
  async renew(id: string): Promise<void> {
    await this.#database.query(
      sql`update webhook_deliveries set status = 'pending', attempts = 0, next_attempt_at = app_now()
        where id = ${id}::uuid`.toStatement(),
    )
  }

  /** Ends what is pending of a webhook. */
  async failAll(webhookId: string, reason: string): Promise<void> {
    await this.#database.query(
      sql`update webhook_deliveries set status = 'failed', next_attempt_at = null, last_error = ${reason}
        where webhook_id = ${webhookId}::uuid and status = 'pending'`.toStatement(),
    )
  }

  /** The webhooks that have something to send now. */
  async dueWebhooks(): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      sql`select distinct webhook_id::text as id from webhook_deliveries
        where status = 'pending' and next_attempt_at <= app_now()`.toStatement(),
    )
    return rows.map(({ id }) => id)
  }

  /**
   * Takes due deliveries that no other process is at: counts the attempt, and moves the next one behind the lease. Whoever
   * is killed before the outcome is written leaves the delivery to the next one.
   */
  claim(webhookId: string, limit: number): Promise<ClaimedDelivery[]> {
    return this.#database.query(
      sql`with due as (
          select id from webhook_deliveries
          where webhook_id = ${webhookId}::uuid and status = 'pending' and next_attempt_at <= app_now()
          order by next_attempt_at limit ${limit}::int for update skip locked
        )
        update webhook_deliveries t
        set attempts = t.attempts + 1, next_attempt_at = app_now() + make_interval(secs => ${leaseSeconds}::int)
        from due, webhooks w, events e
        where t.id = due.id and w.id = t.webhook_id and e.seq = t.event_seq
        returning t.id::text as id, t.version, t.attempts, t.event_id::text as event_id, w.id::text as webhook_id, w.url, w.secret,
          json_build_object('type', e.type, 'timestamp', wire_time(e.created_at), 'data', e.data)::text as body,
          floor(extract(epoch from app_now()))::text as timestamp`.toStatement(),
    )
  }

  /** Writes down how an attempt ended, unless the delivery went on without it. */
  async settle({ id, version }: ClaimedDelivery, { status, last_status, last_error, seconds }: Outcome): Promise<void> {
    await this.#database.query(
      sql`update webhook_deliveries set status = ${status}, last_status = ${last_status}::int, last_error = ${last_error},
          next_attempt_at = app_now() + make_interval(secs => ${seconds}::float8)
        where id = ${id}::uuid and version = ${version}::int`.toStatement(),
    )
  }
}
