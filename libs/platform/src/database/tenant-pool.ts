import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { currentContext } from '../tenancy/context.ts'
import type { Connection } from './transaction.ts'

type Client = pg.PoolClient & { [servedTenant]?: string }
type ConnectCallback = Parameters<pg.Pool['connect']>[0]

const servedTenant = Symbol('servedTenant')
const beginning = new AsyncLocalStorage<Connection>()

/**
 * A pool whose connections always serve the tenant of the caller's context. A connection is told its tenant when it is
 * checked out and last served another one; row-level security does the rest, raw SQL included. Without a tenant the
 * connection is told so, and sees no rows.
 */
export class TenantPool extends pg.Pool {
  readonly #transactions = new WeakMap<pg.ClientBase, Connection>()

  constructor(config: pg.PoolConfig) {
    super(config)
    this.on('release', (_error, client) => {
      this.#transactions.get(client)?.close()
      this.#transactions.delete(client)
    })
  }

  /** How long the transaction may take that has the connection, in milliseconds; null without one. */
  timeOf(client: pg.ClientBase): number | null {
    return this.#transactions.get(client)?.timeout ?? null
  }

  /** Runs what begins a transaction: the connection that it checks out first becomes known as the transaction's. */
  begin<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
    return beginning.run(connection, work)
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
    super.connect((error, client: Client | undefined, release) => {
      if (error || !client) return callback(error, undefined, release)
      const ready = (): void => {
        if (transaction?.take(client)) this.#transactions.set(client, transaction)
        callback(undefined, client, release)
      }
      if (client[servedTenant] === tenantId) return ready()
      serve(client, tenantId).then(ready, (refused: Error) => callback(refused, undefined, release))
    })
  }
}

/** The pool no longer listens to the connection, and who asked for it does not yet; an error that nobody hears ends the process. */
const heard = (): void => undefined

async function serve(client: Client, tenantId: string): Promise<void> {
  client.on('error', heard)
  try {
    await client.query({ name: 'tenant', text: `select set_config('app.tenant_id', $1, false)`, values: [tenantId] })
  } catch (error) {
    client.release(error instanceof Error ? error : true)
    throw error
  }
  client.off('error', heard)
  client[servedTenant] = tenantId
}
