import { Injectable } from '@nestjs/common'
import { columns, Database, time } from '#platform'
import { CredentialsRepository } from '../credentials.repository.ts'
import type { OAuthClientView } from './oauth-clients.dto.ts'

export interface NewOAuthClient {
  readonly id: string
  readonly name: string
  readonly secret_hash: Uint8Array<ArrayBuffer>
  readonly scopes: readonly string[]
  readonly identity_id: string | null
  readonly created_by: string
}

/** `client_id` is made of the tenant and the id; PostgreSQL does not know how. */
export type OAuthClientRow = Omit<OAuthClientView, 'client_id'>

const fields = {
  ...columns('id', 'name', 'scopes', 'identity_id'),
  last_used_at: time('last_used_at'),
  ...columns('created_by'),
  created_at: time('created_at'),
}

@Injectable()
export class OAuthClientsRepository extends CredentialsRepository<OAuthClientRow> {
  constructor(database: Database) {
    super(database, { table: 'oauth_clients', fields })
  }

  async insert({ scopes, ...client }: NewOAuthClient): Promise<void> {
    await this.database.prisma.oauth_clients.create({ data: { ...client, scopes: [...scopes] } })
  }
}
