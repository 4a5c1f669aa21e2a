import { Injectable } from '@nestjs/common'
import { changedFields, Changes, type Change } from '#audit'
import { DomainError, newId, notFound, operatorTenant, scopes, type Actor } from '#kernel'
import { Database, type JsonText, type ListQuery, type Precondition } from '#platform'
import { ApiKeysService } from '../api-keys/api-keys.service.ts'
import type { CreatedTenant, CreateTenant, TenantView, UpdateTenant } from './tenants.dto.ts'
import { TenantsRepository } from './tenants.repository.ts'

/** The operator's list of tenants. */
@Injectable()
export class TenantsService {
  readonly #database: Database
  readonly #tenants: TenantsRepository
  readonly #apiKeys: ApiKeysService
  readonly #changes: Changes

  constructor(database: Database, tenants: TenantsRepository, apiKeys: ApiKeysService, changes: Changes) {
    this.#database = database
    this.#tenants = tenants
    this.#apiKeys = apiKeys
    this.#changes = changes
  }

  list(_actor: Actor, page: ListQuery): Promise<JsonText> {
    return this.#tenants.list(page)
  }

  async get(_actor: Actor, id: string): Promise<TenantView> {
    return found(id, await this.#tenants.find(id))
  }

  /** The tenant and its first key, which has every scope: both or neither. */
  create(actor: Actor, { id = newId(), name, slug }: CreateTenant): Promise<CreatedTenant> {
    if (id === operatorTenant)
      throw new DomainError('invalid_body', "This id is the operator's own; leave id out to have one made", {
        field: 'id',
      })
    return this.#database.transaction(async () => {
      await this.#tenants.insert({ id, name, slug })
      const tenant = await this.get(actor, id)
      await this.#changes.record(actor, change('created', tenant))
      const { key } = await this.#database.asTenant(id, () =>
        this.#apiKeys.issue(actor, { name: 'First admin key', scopes }),
      )
      return { ...tenant, api_key: key }
    })
  }

  update(actor: Actor, id: string, changed: UpdateTenant, precondition: Precondition): Promise<TenantView> {
    return this.#database.transaction(async () => {
      const before = await this.#lock(id, precondition)
      const fields = Object.keys(changedFields(before, changed))
      if (fields.length === 0) return before
      await this.#tenants.update(id, changed)
      const tenant = await this.get(actor, id)
      await this.#changes.record(actor, { ...change('updated', tenant), metadata: { fields } })
      return tenant
    })
  }

  /** From now on no credential of the tenant is accepted, by any process. Its data stays. */
  delete(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return this.#database.transaction(async () => {
      const tenant = await this.#lock(id, precondition)
      await this.#tenants.delete(id)
      await this.#changes.record(actor, change('deleted', tenant))
    })
  }

  async #lock(id: string, precondition: Precondition): Promise<TenantView> {
    const tenant = found(id, await this.#tenants.lock(id))
    precondition.check(tenant.version)
    return tenant
  }
}

function found(id: string, tenant: TenantView | null): TenantView {
  if (tenant === null) throw notFound('tenant', id)
  return tenant
}

function change(verb: 'created' | 'updated' | 'deleted', tenant: TenantView): Change {
  return { action: `tenant.${verb}`, resource: { type: 'tenant', id: tenant.id }, data: tenant }
}
