import { Injectable } from '@nestjs/common'
import { Database } from '#platform'
import { CredentialsRepository, type NewCredential } from '../credentials.repository.ts'

@Injectable()
export class ApiKeysRepository extends CredentialsRepository {
  constructor(database: Database) {
    super(database, 'api_keys')
  }

  override async insert({ scopes, ...key }: NewCredential): Promise<void> {
    await this.database.prisma.api_keys.create({ data: { ...key, scopes: [...scopes] } })
  }
}
