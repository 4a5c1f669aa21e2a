import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { currentContext } from '../tenancy/context.ts'
import { Semaphore } from './semaphore.ts'
import type { Sql } from './sql.ts'
import type { Connection } from './transaction.ts'

type Client = pg.PoolClient & { [servedTenant]?: string }
type ConnectCallback = Parameters<pg.Pool['connect']>[0]

const servedTenant = Symbol('servedTenant')
const beginning = new AsyncLocalStorage<Connection>()
const connectMs = 5_000
const waitMs = 5_000

/** Its own limit for connecting: the pool's would be a timer for each wait as well. */
class LimitedClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connectionTimeoutMillis: connectMs })
  }
}

/**
 * A pool whose connections always serve the tenant of the caller's context. A connection is told its tenant when it is
 * checked out and last served another one; row-level security does the rest, raw SQL included. Without a tenant the
 * connection is told so, and sees no rows.
 */
export class TenantPool extends pg.Pool {
  readonly #transactions = new WeakMap<pg.ClientBase, Connection>()
  readonly #connections: Semaphore

  constructor(config: pg.PoolConfig & { max: number }) {
    super({ ...config, Client: LimitedClient })
    this.#connections = new Semaphore(config.max, waitMs)
    this.on('release', (_error, client) => {
      this.#transactions.get(client)?.close()
      this.#transactions.delete(client)
      this.#connections.release()
    })
  }

  override end(): Promise<void>
  override end(callback: () => void): void
  override end(callback?: () => void): Promise<void> | void {
    this.#connections.stop()
    return callback ? super.end(callback) : super.end()
  }

  /** How long the transaction may take that has the connection, in milliseconds; null without one. */
  timeOf(client: pg.ClientBase): number | null {
    return this.#transactions.get(client)?.timeout ?? null
  }

  /** Runs what begins a transaction: the connection that it checks out first becomes known as the transaction's. */
  begin<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
    return beginning.run(connection, work)
  }

  /** The rows of one statement. The driver takes a text as it is, and copies what describes one property by property. */
  async run({ name, text, values }: Sql): Promise<unknown[]> {
    const query = Object.assign(new pg.Query(text, [...values]), { name })
    // The types know the pool's answer to a query in words only.
    const { rows } = await (this.query(query) as unknown as Promise<pg.QueryResult<object>>)
    return rows
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | void {
    if (callback) return this.#checkOut(callback)
    return new Promise((resolve, reject) => {
      this.#checkOut((error, client) => (client ? resolve(client) : reject(error)))
    })
  }

  /** By callbacks: most connections serve their tenant already, and then nothing has to be waited for. */
  #checkOut(callback: ConnectCallback): void {
    const tenantId = currentContext()?.tenantId ?? ''
    const transaction = beginning.getStore()
    const checkedOut: ConnectCallback = (error, client: Client | undefined, release) => {
      if (error || !client) {
        this.#connections.release()
        return callback(error, undefined, release)
      }
      const ready = (): void => {
        if (transaction?.take(client)) this.#transactions.set(client, transaction)
        callback(undefined, client, release)
      }
      if (client[servedTenant] === tenantId) return ready()
      serve(client, tenantId).then(ready, (refused: Error) => callback(refused, undefined, release))
    }
    this.#connections.acquire(tenantId, (error) =>
      error ? callback(error, undefined, nothing) : super.connect(checkedOut),
    )
  }
}

const nothing = (): void => undefined

async function serve(client: Client, tenantId: string): Promise<void> {
  // The pool no longer listens to the connection, and who asked for it does not yet; an error that nobody hears ends the process.
  client.on('error', nothing)
  try {
    await client.query({ name: 'tenant', text: `select set_config('app.tenant_id', $1, false)`, values: [tenantId] })
  } catch (error) {
    client.release(error instanceof Error ? error : true)
    throw error
  }
  client.off('error', nothing)
  client[servedTenant] = tenantId
}
