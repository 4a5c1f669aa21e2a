import { Injectable, Logger } from '@nestjs/common'
import { isScope, type Scope } from '#kernel'
import { Database } from '../database/database.ts'
import { raw, sql, type Fragment } from '../database/sql.ts'

/** A stored credential as it stands now. `refusal` says why it is not to be accepted, or is null. */
export interface StoredCredential {
  readonly secret_hash: Uint8Array
  readonly scopes: ReadonlySet<Scope>
  readonly identity_id: string | null
  /** Of the identity; null without one. */
  readonly authorities: readonly string[] | null
  readonly expires_at: Date | null
  readonly refusal: string | null
  /** How many seconds a client's access tokens are good for; null, or absent for an API key: as long as the server says. */
  readonly token_lifetime_seconds?: number | null
  /** Of an OAuth client: the slug of its tenant. */
  readonly org?: string
  /** `last_used_at` is older than a minute. */
  readonly stale: boolean
}

/** Words that hold no spaces, in one text: the driver reads an array of the database character by character. */
type StoredRow = Omit<StoredCredential, 'scopes' | 'authorities'> & { scopes: string; authorities: string | null }

type CredentialTable = 'api_keys' | 'oauth_clients'

const apiKeys = lookUp('api_keys', "when c.suspended_at is not null then 'it is suspended'")
const oauthClients = lookUp(
  'oauth_clients',
  '',
  'c.token_lifetime_seconds, (select n.slug from tenants n where n.id = app_tenant()) as org,',
)

/**
 * Credentials of the context's tenant, by a read that begins after the request arrived: a revocation takes effect at
 * once, in every process.
 */
@Injectable()
export class CredentialsRepository {
  readonly #database: Database
  readonly #logger = new Logger('Credentials')
  readonly #marking = new Set<string>()

  constructor(database: Database) {
    this.#database = database
  }

  apiKey(id: string): Promise<StoredCredential | undefined> {
    return this.#find(apiKeys, id)
  }

  oauthClient(id: string): Promise<StoredCredential | undefined> {
    return this.#find(oauthClients, id)
  }

  /** Writes `last_used_at`, at most once a minute. Nobody waits for it, and nothing fails with it. */
  markUsed(table: CredentialTable, id: string, { stale }: StoredCredential): void {
    if (!stale || this.#marking.has(id)) return
    this.#marking.add(id)
    const statement = sql`
      update ${raw(table)} set last_used_at = app_now()
      where id = ${id}::uuid and (last_used_at is null or last_used_at < app_now() - interval '1 minute')`
    this.#database
      .query(statement.toStatement())
      .catch((error: unknown) => this.#logger.warn(`last_used_at of ${id} could not be written: ${String(error)}`))
      .finally(() => this.#marking.delete(id))
  }

  async #find(rows: Fragment, id: string): Promise<StoredCredential | undefined> {
    const [row] = await this.#database.query<StoredRow>(sql`${rows} where c.id = ${id}::uuid`.toStatement())
    return (
      row && {
        ...row,
        scopes: liveScopes(words(row.scopes)),
        authorities: row.authorities === null ? null : words(row.authorities),
      }
    )
  }
}

function lookUp(table: CredentialTable, ownRefusal = '', ownColumns = ''): Fragment {
  return raw(`
    select c.secret_hash, array_to_string(c.scopes, ' ') as scopes, c.identity_id, array_to_string(i.authorities, ' ') as authorities, c.expires_at, ${ownColumns}
      c.last_used_at is null or c.last_used_at < app_now() - interval '1 minute' as stale,
      case
        when not exists (select from tenants n where n.id = app_tenant() and n.deleted_at is null) then 'the tenant is deleted'
        when c.revoked_at is not null then 'it is revoked'
        ${ownRefusal}
        when c.expires_at <= app_now() then 'it has expired'
        when c.identity_id is not null and i.lifecycle_state is distinct from 'active' then 'its identity is not active'
      end as refusal
    from ${table} c left join identities i on i.tenant_id = c.tenant_id and i.id = c.identity_id`)
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ')
}

/** The scopes that still exist: a stored one may be of an older version. */
export function liveScopes(stored: readonly string[]): ReadonlySet<Scope> {
  return new Set(stored.filter(isScope))
}
