import { Injectable } from '@nestjs/common'
import { Database, oldestFirst, readOffsetPage, readOne, sql, type OffsetPage, type OffsetRequest } from '#platform'
import { isPersonal, personalTokens, type PersonalToken } from './personal-tokens.fields.ts'

export interface TokenChange {
  readonly name: string
  readonly scopes: readonly string[]
  readonly scope_names: readonly string[] | null
  readonly token_lifetime_seconds: number | null
  readonly expires_at: string | null
}

@Injectable()
export class PersonalTokensRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(owner: string | null, page: OffsetRequest): Promise<OffsetPage> {
    return readOffsetPage(this.#database, personalTokens, page, isPersonal(owner), { owner }, oldestFirst)
  }

  find(id: string, owner: string | null): Promise<PersonalToken | null> {
    return readOne(this.#database, personalTokens, [sql`t.id = ${id}::uuid`, ...isPersonal(owner)])
  }

  /** As it stands once nobody else changes it any more, until the transaction ends. */
  async lock(id: string, owner: string): Promise<PersonalToken | null> {
    await this.#database.query(
      sql`select 1 as locked from oauth_clients t where t.id = ${id}::uuid for no key update`.toStatement(),
    )
    return this.find(id, owner)
  }

  /** How many the person has, once nobody else makes one for them until the transaction ends. */
  async count(owner: string): Promise<number> {
    await this.#database.query(
      sql`select 1 as locked from identities t where t.id = ${owner}::uuid for no key update`.toStatement(),
    )
    return this.#database.prisma.oauth_clients.count({ where: { identity_id: owner, revoked_at: null } })
  }

  async halfYearFromNow(): Promise<string> {
    const statement = sql`select wire_time(app_now() + interval '6 months') as end`
    const [row] = await this.#database.query<{ end: string }>(statement.toStatement())
    return row?.end ?? ''
  }

  async update(id: string, token: TokenChange): Promise<void> {
    const { name, token_lifetime_seconds, expires_at } = token
    const [scopes, scope_names] = [[...token.scopes], [...(token.scope_names ?? [])]]
    const data = { name, scopes, scope_names, token_lifetime_seconds, expires_at }
    await this.#database.prisma.oauth_clients.updateMany({ where: { id }, data })
  }
}
