import type pg from 'pg'

/**
 * Makes a new connection the application's: when it logged in as another role (one DATABASE_URL only), it becomes
 * `castellan_app`. Refuses a role that row-level security does not bind.
 */
export async function applicationRole(client: pg.ClientBase): Promise<void> {
  await client.query(`
    set session statement_timeout = '30s'; set session idle_in_transaction_session_timeout = '60s';
    set session lock_timeout = '10s'; set session timezone = 'UTC'`)
  const { rows } = await client.query<{ name: string }>('select current_user::text as name')
  if (rows[0]?.name !== 'castellan_app') await client.query('set role castellan_app')
  const bound = await client.query<{ bound: boolean }>(`
    select not (rolsuper or rolbypassrls) and not exists (
      select from pg_class where relowner = pg_roles.oid and relkind in ('r', 'p')) as bound
    from pg_roles where rolname = current_user`)
  if (!bound.rows[0]?.bound) {
    throw new Error('The database role castellan_app must not own tables, be a superuser or bypass row-level security')
  }
}
