import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import type { Actor } from '#kernel'
import { Database, writeKey, type JsonText, type PageQuery } from '#platform'
import type { CredentialView } from '../credentials.dto.ts'
import { CredentialsService } from '../credentials.service.ts'
import type { ApiKeyView, CreatedApiKey } from './api-keys.dto.ts'
import { ApiKeysRepository } from './api-keys.repository.ts'

@Injectable()
export class ApiKeysService extends CredentialsService<ApiKeyView, CreatedApiKey> {
  constructor(database: Database, apiKeys: ApiKeysRepository, changes: Changes) {
    super('api_key', database, apiKeys, changes)
  }

  list(_actor: Actor, { limit, cursor }: PageQuery): Promise<JsonText> {
    return this.credentials.list({ limit, cursor })
  }

  protected override viewOf(key: CredentialView): ApiKeyView {
    return key
  }

  protected override createdOf(view: ApiKeyView, secret: Buffer): CreatedApiKey {
    return { ...view, key: writeKey({ tenantId: this.credentials.tenantId, id: view.id, secret }) }
  }
}
