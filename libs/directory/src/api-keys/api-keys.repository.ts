import { Injectable } from '@nestjs/common'
import { columns, Database, sql, time } from '#platform'
import { CredentialsRepository } from '../credentials.repository.ts'
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

const fields = {
  ...columns('id', 'name', 'scopes', 'identity_id'),
  expires_at: time('expires_at'),
  last_used_at: time('last_used_at'),
  ...columns('created_by'),
  created_at: time('created_at'),
}

@Injectable()
export class ApiKeysRepository extends CredentialsRepository<ApiKeyView> {
  constructor(database: Database) {
    super(database, { table: 'api_keys', fields })
  }

  async insert({ scopes, ...key }: NewApiKey): Promise<void> {
    await this.database.prisma.api_keys.create({ data: { ...key, scopes: [...scopes] } })
  }

  async isPast(moment: Date): Promise<boolean> {
    const statement = sql`select ${moment.toISOString()}::text::timestamptz <= app_now() as past`
    const [row] = await this.database.query<{ past: boolean }>(statement.toStatement())
    return row?.past ?? true
  }
}
