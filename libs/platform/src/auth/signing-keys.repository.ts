import { Injectable } from '@nestjs/common'
import { operatorTenant } from '#kernel'
import { Database } from '../database/database.ts'
import { raw, sql } from '../database/sql.ts'
import { forTenant } from '../tenancy/context.ts'

export interface StoredSigningKey {
  readonly kid: string
  readonly public_jwk: Record<string, string>
  readonly private_key: Uint8Array
  readonly retired: boolean
}

/** The server's signing keys: rows of the operator's tenant. */
@Injectable()
export class SigningKeysRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The key that signs now, and those retired less than so many seconds ago; newest first. */
  usable(graceSeconds: number): Promise<StoredSigningKey[]> {
    const statement = sql`
      select kid, public_jwk, private_key, retired_at is not null as retired from signing_keys
      where retired_at is null or retired_at > app_now() - make_interval(secs => ${graceSeconds}::int)
      order by created_at desc, kid desc`
    return forTenant(operatorTenant, () => this.#database.query(statement.toStatement()))
  }

  async current(): Promise<StoredSigningKey | undefined> {
    return (await this.usable(0)).find(({ retired }) => !retired)
  }

  /** Puts the key in the place of `before`, unless another process was faster: then that one's key stays. */
  async replace(before: string | null, key: Omit<StoredSigningKey, 'retired'>): Promise<void> {
    await forTenant(operatorTenant, () =>
      this.#database.transaction(async () => {
        await this.#database.query(
          raw(`select 1 as held from pg_advisory_xact_lock(hashtextextended('signing_keys', 0))`).toStatement(),
        )
        const current = await this.current()
        if ((current?.kid ?? null) !== before) return
        await this.#database.query(
          raw('update signing_keys set retired_at = app_now() where retired_at is null').toStatement(),
        )
        await this.#database.prisma.signing_keys.create({
          data: { kid: key.kid, public_jwk: key.public_jwk, private_key: Uint8Array.from(key.private_key) },
        })
      }),
    )
  }
}
