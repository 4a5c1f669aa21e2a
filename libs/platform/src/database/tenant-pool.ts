import pg from 'pg'
import { currentContext } from '../tenancy/context.ts'

type Client = pg.PoolClient & { [servedTenant]?: string }
type ConnectCallback = Parameters<pg.Pool['connect']>[0]

const servedTenant = Symbol('servedTenant')

/**
 * A pool whose connections always serve the tenant of the caller's context. A connection is told its tenant when it is
 * checked out and last served another one; row-level security does the rest, raw SQL included. Without a tenant the
 * connection is told so, and sees no rows.
 */
export class TenantPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | void {
    const tenantId = currentContext()?.tenantId ?? ''
    const checkedOut = super.connect().then((client) => serve(client, tenantId))
    if (!callback) return checkedOut
    checkedOut.then(
      (client) => callback(undefined, client, client.release.bind(client)),
      (error: Error) => callback(error, undefined, () => undefined),
    )
  }
}

async function serve(client: Client, tenantId: string): Promise<pg.PoolClient> {
  if (client[servedTenant] === tenantId) return client
  try {
    await client.query({ name: 'tenant', text: `select set_config('app.tenant_id', $1, false)`, values: [tenantId] })
  } catch (error) {
    client.release(error instanceof Error ? error : true)
    throw error
  }
  client[servedTenant] = tenantId
  return client
}
