import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { DomainError, newId, notFound, type Actor, type Scope } from '#kernel'
import { Database, hashSecret, newSecret, writeKey, type JsonText, type PageQuery } from '#platform'
import { scopesToGive } from '../scopes.ts'
import type { ApiKeyView, CreateApiKey, CreatedApiKey } from './api-keys.dto.ts'
import { ApiKeysRepository } from './api-keys.repository.ts'

@Injectable()
export class ApiKeysService {
  readonly #database: Database
  readonly #apiKeys: ApiKeysRepository
  readonly #changes: Changes

  constructor(database: Database, apiKeys: ApiKeysRepository, changes: Changes) {
    this.#database = database
    this.#apiKeys = apiKeys
    this.#changes = changes
  }

  list(_actor: Actor, { limit, cursor }: PageQuery): Promise<JsonText> {
    return this.#apiKeys.list({ limit, cursor })
  }

  /** A key that can do no more than its maker. */
  create(actor: Actor, body: CreateApiKey): Promise<CreatedApiKey> {
    return this.issue(actor, { ...body, scopes: scopesToGive(actor, body.scopes) })
  }

  /** A key of the context's tenant with the given scopes, whatever the actor has: for the operator. */
  issue(
    actor: Actor,
    { name, scopes, expires_at, identity_id }: CreateApiKey & { scopes: readonly Scope[] },
  ): Promise<CreatedApiKey> {
    return this.#database.transaction(async () => {
      const expiresAt = expires_at == null ? null : new Date(expires_at)
      await this.#check(expiresAt, identity_id ?? null)
      const [id, secret] = [newId(), newSecret()]
      await this.#apiKeys.insert({
        id,
        name,
        secret_hash: hashSecret(secret),
        scopes,
        identity_id: identity_id ?? null,
        expires_at: expiresAt,
        created_by: actor.id,
      })
      const view = found(id, await this.#apiKeys.find(id))
      await this.#changes.record(actor, change('created', view))
      return { ...view, key: writeKey({ tenantId: this.#apiKeys.tenantId, id, secret }) }
    })
  }

  revoke(actor: Actor, id: string): Promise<void> {
    return this.#database.transaction(async () => {
      const key = found(id, await this.#apiKeys.revoke(id, actor.id))
      await this.#changes.record(actor, change('revoked', key))
    })
  }

  async #check(expiresAt: Date | null, identityId: string | null): Promise<void> {
    if (expiresAt !== null && (await this.#apiKeys.isPast(expiresAt))) {
      throw new DomainError('invalid_body', 'expires_at must lie in the future', { field: 'expires_at' })
    }
    if (identityId !== null && !(await this.#apiKeys.identityExists(identityId))) {
      throw new DomainError('invalid_body', `identity_id: no identity has the id ${identityId}`, {
        field: 'identity_id',
      })
    }
  }
}

function found(id: string, key: ApiKeyView | null): ApiKeyView {
  if (key === null) throw notFound('api_key', id)
  return key
}

function change(verb: 'created' | 'revoked', key: ApiKeyView) {
  return { action: `api_key.${verb}`, resource: { type: 'api_key', id: key.id }, data: key }
}
