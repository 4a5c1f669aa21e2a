import { Injectable } from '@nestjs/common'
import { Database, readOne, readPage, sql, type JsonText, type PageRequest } from '#platform'
import type { WebhookView } from './webhooks.dto.ts'
import { webhookProjection } from './webhooks.fields.ts'

export interface WebhookFields {
  readonly name: string
  readonly url: string
  readonly event_types: readonly string[]
  readonly enabled: boolean
  /** Sealed. */
  readonly secret: Uint8Array<ArrayBuffer>
}

@Injectable()
export class WebhooksRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, webhookProjection, page, [], null)
  }

  find(id: string): Promise<WebhookView | null> {
    return readOne(this.#database, webhookProjection, [sql`t.id = ${id}::uuid`])
  }

  /** The webhook, locked until the transaction ends. */
  async lock(id: string): Promise<WebhookView | null> {
    await this.#database.query(
      sql`select 1 as locked from webhooks t where t.id = ${id}::uuid for update`.toStatement(),
    )
    return this.find(id)
  }

  count(): Promise<number> {
    return this.#database.prisma.webhooks.count()
  }

  async insert(id: string, { event_types, ...fields }: WebhookFields): Promise<void> {
    await this.#database.prisma.webhooks.create({ data: { id, ...fields, event_types: [...event_types] } })
  }

  async update(id: string, { event_types, ...fields }: Partial<WebhookFields>): Promise<void> {
    const types = event_types && { event_types: [...event_types] }
    await this.#database.prisma.webhooks.updateMany({ where: { id }, data: { ...fields, ...types } })
  }

  /** With its deliveries. */
  async remove(id: string): Promise<void> {
    await this.#database.prisma.webhooks.deleteMany({ where: { id } })
  }
}
