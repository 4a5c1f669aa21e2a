import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { notFound, type Actor } from '#kernel'
import {
  Database,
  writeKey,
  type JsonText,
  type ListQuery,
  type PageRequest,
  type PageText,
  type Projection,
} from '#platform'
import type { CredentialView } from '../credentials.dto.ts'
import { CredentialsService } from '../credentials.service.ts'
import { mayGive } from '../delegation.ts'
import type { ApiKeyView, CreatedApiKey } from './api-keys.dto.ts'
import { ApiKeysRepository } from './api-keys.repository.ts'

@Injectable()
export class ApiKeysService extends CredentialsService<ApiKeyView, CreatedApiKey> {
  readonly #apiKeys: ApiKeysRepository

  constructor(database: Database, apiKeys: ApiKeysRepository, changes: Changes) {
    super('api_key', database, apiKeys, changes)
    this.#apiKeys = apiKeys
  }

  list(_actor: Actor, page: ListQuery): Promise<JsonText> {
    return this.credentials.list(page)
  }

  /** A page in another view, newest first. */
  listAs(_actor: Actor, page: PageRequest, view: Projection): Promise<PageText> {
    return this.#apiKeys.listAs(view, page)
  }

  /** In another view. @throws DomainError `not_found` */
  async getAs<T>(_actor: Actor, id: string, view: Projection): Promise<T> {
    const key = await this.#apiKeys.findAs<T>(id, view)
    if (key === null) throw notFound('api_key', id)
    return key
  }

  rename(actor: Actor, id: string, name: string): Promise<ApiKeyView> {
    return this.#change(actor, id, 'renamed', async (key) => {
      if (key.name === name) return false
      await this.#apiKeys.rename(id, name)
      return true
    })
  }

  /** It is refused from then on, by every process, until it is reinstated. What is suspended already stays so. */
  suspend(actor: Actor, id: string): Promise<ApiKeyView> {
    return this.#change(actor, id, 'suspended', async (key) => {
      if (key.suspended_at !== null) return false
      await this.#apiKeys.suspend(id, true)
      return true
    })
  }

  /**
   * The end of a suspension, not of a revocation, which is for good. It gives the key's power again, so it takes an actor
   * who could give it to a new key. @throws DomainError `forbidden` otherwise
   */
  reinstate(actor: Actor, id: string): Promise<ApiKeyView> {
    return this.#change(actor, id, 'reinstated', async (key) => {
      if (key.suspended_at === null) return false
      mayGive(actor, key)
      await this.#apiKeys.suspend(id, false)
      return true
    })
  }

  async #change(
    actor: Actor,
    id: string,
    verb: string,
    write: (key: ApiKeyView) => Promise<boolean>,
  ): Promise<ApiKeyView> {
    return this.database.transaction(async () => {
      const before = this.found(id, await this.#apiKeys.lock(id))
      if (!(await write(before))) return before
      const after = this.found(id, await this.#apiKeys.find(id))
      await this.record(actor, verb, after)
      return after
    })
  }

  protected override viewOf(key: CredentialView): ApiKeyView {
    return key as ApiKeyView
  }

  protected override createdOf(view: ApiKeyView, secret: Buffer): CreatedApiKey {
    return { ...view, key: writeKey({ tenantId: this.credentials.tenantId, id: view.id, secret }) }
  }
}
