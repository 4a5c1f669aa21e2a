import { Injectable } from '@nestjs/common'
import {
  Database,
  raw,
  readOne,
  readPage,
  sql,
  time,
  type PageRequest,
  type PageText,
  type Projection,
} from '#platform'
import { CredentialsRepository, type NewCredential } from '../credentials.repository.ts'
import type { ApiKeyView } from './api-keys.dto.ts'

@Injectable()
export class ApiKeysRepository extends CredentialsRepository {
  constructor(database: Database) {
    super(database, 'api_keys', { suspended_at: time('suspended_at') })
  }

  override async insert({ scopes, ...key }: NewCredential): Promise<void> {
    await this.database.prisma.api_keys.create({ data: { ...key, scopes: [...scopes] } })
  }

  /** As it stands once nobody else changes it any more, until the transaction ends; null when it is revoked. */
  async lock(id: string): Promise<ApiKeyView | null> {
    await this.database.query(
      sql`select 1 as locked from api_keys t where t.id = ${id}::uuid for no key update`.toStatement(),
    )
    return (await this.find(id)) as ApiKeyView | null
  }

  async rename(id: string, name: string): Promise<void> {
    await this.database.prisma.api_keys.updateMany({ where: { id }, data: { name } })
  }

  async suspend(id: string, suspended: boolean): Promise<void> {
    await this.database.query(
      sql`update api_keys set suspended_at = case when ${suspended}::boolean then app_now() end where id = ${id}::uuid`.toStatement(),
    )
  }

  /** Those that are not revoked, in another view. */
  listAs(view: Projection, page: PageRequest): Promise<PageText> {
    return readPage(this.database, view, page, [raw('t.revoked_at is null')], null)
  }

  /** One that is not revoked, in another view. */
  findAs<T>(id: string, view: Projection): Promise<T | null> {
    return readOne(this.database, view, [sql`t.id = ${id}::uuid`, raw('t.revoked_at is null')])
  }
}
