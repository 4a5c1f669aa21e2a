import {
  currentContext,
  Database,
  raw,
  readOne,
  readPage,
  sql,
  type JsonText,
  type PageRequest,
  type Projection,
} from '#platform'

const unrevoked = raw('t.revoked_at is null')

/** What API keys and OAuth clients have in common: their secret is never read, and revocation is their end. */
export abstract class CredentialsRepository<View> {
  protected readonly database: Database
  readonly #projection: Projection

  constructor(database: Database, projection: Projection) {
    this.database = database
    this.#projection = projection
  }

  /** The tenant that a new credential belongs to. */
  get tenantId(): string {
    const tenantId = currentContext()?.tenantId
    if (!tenantId) throw new Error('A credential belongs to a tenant')
    return tenantId
  }

  list(page: PageRequest): Promise<JsonText> {
    return readPage(this.database, this.#projection, page, [unrevoked], null)
  }

  find(id: string): Promise<View | null> {
    return readOne<View>(this.database, this.#projection, [sql`t.id = ${id}::uuid`, unrevoked])
  }

  async identityExists(id: string): Promise<boolean> {
    return (await this.database.prisma.identities.findFirst({ where: { id }, select: { id: true } })) !== null
  }

  /**
   * The credential as it was, or null when there is none that is not revoked already. Of two at once one gets it. It lets
   * go of its identity, which can then be deleted.
   */
  async revoke(id: string, by: string): Promise<View | null> {
    const table = raw(this.#projection.table)
    await this.database.query(sql`select 1 as locked from ${table} t where t.id = ${id}::uuid for update`.toStatement())
    const found = await this.find(id)
    if (found === null) return null
    const statement = sql`update ${table} set revoked_at = app_now(), revoked_by = ${by}, identity_id = null where id = ${id}::uuid`
    await this.database.query(statement.toStatement())
    return found
  }
}
