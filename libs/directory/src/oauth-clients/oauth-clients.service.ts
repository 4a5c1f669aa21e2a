import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { DomainError, newId, notFound, type Actor, type Scope } from '#kernel'
import { Database, hashSecret, newSecret, writeClientId, writeSecret, type PageQuery } from '#platform'
import { scopesToGive } from '../scopes.ts'
import type { CreatedOAuthClient, CreateOAuthClient, OAuthClientPage, OAuthClientView } from './oauth-clients.dto.ts'
import { OAuthClientsRepository, type OAuthClientRow } from './oauth-clients.repository.ts'

@Injectable()
export class OAuthClientsService {
  readonly #database: Database
  readonly #clients: OAuthClientsRepository
  readonly #changes: Changes

  constructor(database: Database, clients: OAuthClientsRepository, changes: Changes) {
    this.#database = database
    this.#clients = clients
    this.#changes = changes
  }

  async list(_actor: Actor, { limit, cursor }: PageQuery): Promise<OAuthClientPage> {
    const { text } = await this.#clients.list({ limit, cursor })
    const page = JSON.parse(text) as Omit<OAuthClientPage, 'data'> & { data: OAuthClientRow[] }
    return { ...page, data: page.data.map((row) => this.#view(row)) }
  }

  /** A client that can do no more than its maker. */
  create(actor: Actor, body: CreateOAuthClient): Promise<CreatedOAuthClient> {
    return this.issue(actor, { ...body, scopes: scopesToGive(actor, body.scopes) })
  }

  /** A client of the context's tenant with the given scopes, whatever the actor has: for the operator. */
  issue(
    actor: Actor,
    { name, scopes, identity_id }: CreateOAuthClient & { scopes: readonly Scope[] },
  ): Promise<CreatedOAuthClient> {
    return this.#database.transaction(async () => {
      const identityId = identity_id ?? null
      if (identityId !== null && !(await this.#clients.identityExists(identityId))) {
        throw new DomainError('invalid_body', `identity_id: no identity has the id ${identityId}`, {
          field: 'identity_id',
        })
      }
      const [id, secret] = [newId(), newSecret()]
      await this.#clients.insert({
        id,
        name,
        secret_hash: hashSecret(secret),
        scopes,
        identity_id: identityId,
        created_by: actor.id,
      })
      const view = this.#view(found(id, await this.#clients.find(id)))
      await this.#changes.record(actor, change('created', view))
      return { ...view, client_secret: writeSecret(secret) }
    })
  }

  revoke(actor: Actor, id: string): Promise<void> {
    return this.#database.transaction(async () => {
      const client = this.#view(found(id, await this.#clients.revoke(id, actor.id)))
      await this.#changes.record(actor, change('revoked', client))
    })
  }

  #view({ id, ...row }: OAuthClientRow): OAuthClientView {
    return { id, client_id: writeClientId({ tenantId: this.#clients.tenantId, id }), ...row }
  }
}

function found(id: string, client: OAuthClientRow | null): OAuthClientRow {
  if (client === null) throw notFound('oauth_client', id)
  return client
}

function change(verb: 'created' | 'revoked', client: OAuthClientView) {
  return { action: `oauth_client.${verb}`, resource: { type: 'oauth_client', id: client.id }, data: client }
}
