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
  readonly #transactions = new WeakMap<pg.PoolClient, Connection>()

  constructor(config: pg.PoolConfig) {
    super(config)
    this.on('release', (_error, client) => this.#transactions.get(client as pg.PoolClient)?.close())
  }

  /** Runs what begins a transaction: the connection that it checks out first becomes known as the transaction's. */
  begin<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
    return beginning.run(connection, work)
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | void {
    const tenantId = currentContext()?.tenantId ?? ''
    const transaction = beginning.getStore()
    const checkedOut = super.connect().then(async (client) => {
      await serve(client, tenantId)
      if (transaction?.take(client)) this.#transactions.set(client, transaction)
      return client
    })
    if (!callback) return checkedOut
    checkedOut.then(
      (client) => callback(undefined, client, client.release.bind(client)),
      (error: Error) => callback(error, undefined, () => undefined),
    )
  }
}

async function serve(client: Client, tenantId: string): Promise<void> {
  if (client[servedTenant] === tenantId) return
  try {
    await client.query({ name: 'tenant', text: `select set_config('app.tenant_id', $1, false)`, values: [tenantId] })
  } catch (error) {
    client.release(error instanceof Error ? error : true)
    throw error
  }
  client[servedTenant] = tenantId
}
