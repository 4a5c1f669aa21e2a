import { Injectable } from '@nestjs/common'
import { Database, raw, readOne, readPage, sql, type JsonText, type PageRequest } from '#platform'
import type { TenantView } from './tenants.dto.ts'
import { tenantProjection } from './tenants.fields.ts'

const exists = raw('t.deleted_at is null')

@Injectable()
export class TenantsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, tenantProjection, page, [exists], null)
  }

  find(id: string): Promise<TenantView | null> {
    return readOne(this.#database, tenantProjection, [sql`t.id = ${id}::uuid`, exists])
  }

  /** The tenant, locked until the transaction ends. */
  async lock(id: string): Promise<TenantView | null> {
    await this.#database.query(sql`select 1 as locked from tenants t where t.id = ${id}::uuid for update`.toStatement())
    return this.find(id)
  }

  async insert(tenant: { id: string; name: string; slug: string }): Promise<void> {
    await this.#database.prisma.tenants.create({ data: tenant })
  }

  async update(id: string, changed: { name?: string; slug?: string }): Promise<void> {
    await this.#database.prisma.tenants.updateMany({ where: { id }, data: changed })
  }

  /** Leaves the row, so that the id is never used again, and frees the slug. */
  async delete(id: string): Promise<void> {
    const statement = sql`update tenants set deleted_at = app_now(), slug = 'deleted:' || id where id = ${id}::uuid`
    await this.#database.query(statement.toStatement())
  }
}
