import {
  currentContext, Database, raw, readOne, readPage, sql, type JsonText, type PageRequest, type Projection,
} from '#platform' // prettier-ignore
import type { CredentialView } from './credentials.dto.ts'
import { credentialFields } from './credentials.fields.ts'

export interface NewCredential {
  readonly id: string
  readonly name: string
  readonly secret_hash: Uint8Array<ArrayBuffer>
  readonly scopes: readonly string[]
  readonly identity_id: string | null
  readonly expires_at: string | null
  readonly created_by: string
}

const unrevoked = raw('t.revoked_at is null')

/** The database's side of API keys and of OAuth clients: their secret is never read, and revocation is their end. */
export abstract class CredentialsRepository {
  protected readonly database: Database
  readonly #projection: Projection

  constructor(database: Database, table: 'api_keys' | 'oauth_clients', more: Projection['fields'] = {}) {
    this.database = database
    this.#projection = { table, fields: { ...credentialFields, ...more } }
  }

  abstract insert(credential: NewCredential): Promise<void>

  /** The tenant that a new credential belongs to. */
  get tenantId(): string {
    const tenantId = currentContext()?.tenantId
    if (!tenantId) throw new Error('A credential belongs to a tenant')
    return tenantId
  }

  list(page: PageRequest): Promise<JsonText> {
    return readPage(this.database, this.#projection, page, [unrevoked], null)
  }

  find(id: string): Promise<CredentialView | null> {
    return readOne(this.database, this.#projection, [sql`t.id = ${id}::uuid`, unrevoked])
  }

  async isPast(moment: string): Promise<boolean> {
    const statement = sql`select ${moment}::text::timestamptz <= app_now() as past`
    const [row] = await this.database.query<{ past: boolean }>(statement.toStatement())
    return row?.past ?? true
  }

  async identityExists(id: string): Promise<boolean> {
    return (await this.database.prisma.identities.findFirst({ where: { id }, select: { id: true } })) !== null
  }

  /**
   * The credential as it was, or null when there is none that is not revoked already. Of two at once one gets it. It lets
   * go of its identity, which can then be deleted.
   */
  async revoke(id: string, by: string): Promise<CredentialView | null> {
    const table = raw(this.#projection.table)
    await this.database.query(sql`select 1 as locked from ${table} t where t.id = ${id}::uuid for update`.toStatement())
    const found = await this.find(id)
    if (found === null) return null
    const statement = sql`update ${table} set revoked_at = app_now(), revoked_by = ${by}, identity_id = null where id = ${id}::uuid`
    await this.database.query(statement.toStatement())
    return found
  }
}
