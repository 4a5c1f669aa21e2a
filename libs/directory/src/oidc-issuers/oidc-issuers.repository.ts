import { Injectable } from '@nestjs/common'
import { Database, Prisma, readOne, readPage, sql, type JsonText, type PageRequest } from '#platform'
import type { OidcIssuerView } from './oidc-issuers.dto.ts'
import { oidcIssuerProjection } from './oidc-issuers.fields.ts'

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

@Injectable()
export class OidcIssuersRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, oidcIssuerProjection, page, [], null)
  }

  find(id: string): Promise<OidcIssuerView | null> {
    return readOne(this.#database, oidcIssuerProjection, [sql`t.id = ${id}::uuid`])
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
