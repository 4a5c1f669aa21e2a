import { Injectable } from '@nestjs/common'
import { Database } from '#platform'
import { CredentialsRepository, type NewCredential } from '../credentials.repository.ts'

@Injectable()
export class OAuthClientsRepository extends CredentialsRepository {
  constructor(database: Database) {
    super(database, 'oauth_clients')
  }

  override async insert({ scopes, ...client }: NewCredential): Promise<void> {
    await this.database.prisma.oauth_clients.create({ data: { ...client, scopes: [...scopes] } })
  }
}
