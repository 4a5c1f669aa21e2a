import { Injectable } from '@nestjs/common'
import { columns, Database, raw, readOne, readPage, sql, time, type JsonText, type PageRequest, type Projection } from '#platform'
import type { ApiKeyView } from './api-keys.dto.ts'

export interface NewApiKey {
  readonly id: string
  readonly name: string
  readonly secret_hash: Uint8Array<ArrayBuffer>
  readonly scopes: readonly string[]
  readonly identity_id: string | null
  readonly expires_at: Date | null
  readonly created_by: string
}

const projection: Projection = {
  table: 'api_keys',
  fields: {
    ...columns('id', 'name', 'scopes', 'identity_id'),
    expires_at: time('expires_at'),
    last_used_at: time('last_used_at'),
    ...columns('created_by'),
    created_at: time('created_at'),
  },
}
const unrevoked = raw('t.revoked_at is null')

@Injectable()
export class ApiKeysRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, projection, page, [unrevoked], null)
  }

  find(id: string): Promise<ApiKeyView | null> {
    return readOne(this.#database, projection, [sql`t.id = ${id}::uuid`, unrevoked])
  }

  async insert({ scopes, ...key }: NewApiKey): Promise<void> {
    await this.#database.prisma.api_keys.create({ data: { ...key, scopes: [...scopes] } })
  }

  async isPast(time: Date): Promise<boolean> {
    const statement = sql`select ${time.toISOString()}::text::timestamptz <= app_now() as past`
    const [row] = await this.#database.query<{ past: boolean }>(statement.toStatement())
    return row?.past ?? true
  }

  async identityExists(id: string): Promise<boolean> {
    return (await this.#database.prisma.identities.findFirst({ where: { id }, select: { id: true } })) !== null
  }

  /** The key as it was, or null when there is none that is not revoked already. Of two at once one gets it. */
  async revoke(id: string, by: string): Promise<ApiKeyView | null> {
    await this.#database.query(sql`select 1 as locked from api_keys t where t.id = ${id}::uuid for update`.toStatement())
    const key = await this.find(id)
    if (key === null) return null
    const statement = sql`update api_keys set revoked_at = app_now(), revoked_by = ${by} where id = ${id}::uuid`
    await this.#database.query(statement.toStatement())
    return key
  }
}
