import { Injectable } from '@nestjs/common'
import {
  columns,
  Database,
  Prisma,
  readOne,
  readPage,
  sql,
  time,
  type JsonText,
  type PageRequest,
  type Projection,
} from '#platform'
import type { OidcIssuerView } from './oidc-issuers.dto.ts'

export interface NewOidcIssuer {
  readonly id: string
  readonly issuer: string
  readonly audience: string
  readonly jwks_uri: string | null
  readonly jwks: Record<string, unknown> | null
  readonly subject_claim: string
  readonly groups_claim: string | null
  readonly identity_match: string
  readonly scopes: readonly string[]
}

const projection: Projection = {
  table: 'oidc_issuers',
  fields: {
    ...columns(
      'id',
      'issuer',
      'audience',
      'jwks_uri',
      'jwks',
      'subject_claim',
      'groups_claim',
      'identity_match',
      'scopes',
    ),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
    ...columns('version'),
  },
}

@Injectable()
export class OidcIssuersRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, projection, page, [], null)
  }

  find(id: string): Promise<OidcIssuerView | null> {
    return readOne(this.#database, projection, [sql`t.id = ${id}::uuid`])
  }

  /** The issuer, locked until the transaction ends. */
  async lock(id: string): Promise<OidcIssuerView | null> {
    await this.#database.query(
      sql`select 1 as locked from oidc_issuers t where t.id = ${id}::uuid for update`.toStatement(),
    )
    return this.find(id)
  }

  async insert({ jwks, scopes, ...issuer }: NewOidcIssuer): Promise<void> {
    await this.#database.prisma.oidc_issuers.create({
      data: { ...issuer, scopes: [...scopes], jwks: jwks === null ? Prisma.DbNull : (jwks as Prisma.InputJsonObject) },
    })
  }

  /** With its links: who signs in again through it later is a new person. */
  async delete(id: string): Promise<void> {
    await this.#database.prisma.oidc_issuers.deleteMany({ where: { id } })
  }
}
