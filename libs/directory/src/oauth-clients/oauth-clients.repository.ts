import { Injectable } from '@nestjs/common'
import { columns, Database } from '#platform'
import { CredentialsRepository, type NewCredential } from '../credentials.repository.ts'

export interface NewOAuthClient extends NewCredential {
  readonly token_lifetime_seconds?: number | null
  readonly scope_names?: readonly string[]
}

@Injectable()
export class OAuthClientsRepository extends CredentialsRepository {
  constructor(database: Database) {
    super(database, 'oauth_clients', columns('token_lifetime_seconds', 'scope_names'))
  }

  override async insert({ scopes, scope_names, ...client }: NewOAuthClient): Promise<void> {
    await this.database.prisma.oauth_clients.create({
      data: { ...client, scopes: [...scopes], ...(scope_names && { scope_names: [...scope_names] }) },
    })
  }
}
