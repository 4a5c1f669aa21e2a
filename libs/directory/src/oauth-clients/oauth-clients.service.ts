import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import type { Actor } from '#kernel'
import { Database, writeClientId, writeSecret, type ListQuery, type Page } from '#platform'
import type { CredentialView } from '../credentials.dto.ts'
import { CredentialsService } from '../credentials.service.ts'
import type { CreatedOAuthClient, OAuthClientPage, OAuthClientView } from './oauth-clients.dto.ts'
import { OAuthClientsRepository } from './oauth-clients.repository.ts'

@Injectable()
export class OAuthClientsService extends CredentialsService<OAuthClientView, CreatedOAuthClient> {
  constructor(database: Database, clients: OAuthClientsRepository, changes: Changes) {
    super('oauth_client', database, clients, changes)
  }

  async list(_actor: Actor, page: ListQuery): Promise<OAuthClientPage> {
    const { text } = await this.credentials.list(page)
    const found = JSON.parse(text) as Page<CredentialView>
    return { ...found, data: found.data.map((row) => this.viewOf(row)) }
  }

  /** `client_id` is made of the tenant and the id; PostgreSQL does not know how. */
  protected override viewOf(client: CredentialView): OAuthClientView {
    const { id, ...row } = client as Omit<OAuthClientView, 'client_id'>
    return { id, client_id: writeClientId({ tenantId: this.credentials.tenantId, id }), ...row }
  }

  protected override createdOf(view: OAuthClientView, secret: Buffer): CreatedOAuthClient {
    return { ...view, client_secret: writeSecret(secret) }
  }
}
