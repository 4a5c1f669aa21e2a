import pg from 'pg'
import { startApp, type TestApp } from './support/app.ts'

/* The second wall: what the database itself refuses, whatever the code asks. */

let app: TestApp
let asApplication: pg.Client

const acme = '019a0000-0000-7000-8000-00000000000a'
const globex = '019a0000-0000-7000-8000-00000000000b'
const operator = '00000000-0000-0000-0000-000000000000'

beforeAll(async () => {
  app = await startApp()
  asApplication = new pg.Client({ connectionString: app.database.appUrl })
  await asApplication.connect()
  for (const tenant of [acme, globex]) {
    await app.asOwner(`insert into tenants (id, slug, name) values ($1::uuid, $1::text, 'a tenant')`, [tenant])
    await app.asOwner(`insert into identities (tenant_id, id, name) values ($1, gen_random_uuid(), 'a person')`, [
      tenant,
    ])
    await app.asOwner(
      `insert into oidc_issuers (tenant_id, id, issuer, audience) values ($1, gen_random_uuid(), 'https://idp.example', 'a')`,
      [tenant],
    )
  }
})

afterAll(async () => {
  await asApplication.end()
  await app.close()
})

interface Table {
  name: string
  forced: boolean
  policies: string[]
  owner: string
  privileges: string[]
  first_key: string
}

const catalogue = `
  select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner,
    array(select p.polname::text from pg_policy p where p.polrelid = c.oid order by 1) as policies,
    array(select privilege from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege
      where has_table_privilege('castellan_app', c.oid, privilege)) as privileges,
    (select a.attname::text from pg_constraint k join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
      where k.conrelid = c.oid and k.contype = 'p') as first_key
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`

test('every table forces row-level security, and the application owns none of them', async () => {
  const tables = (await app.asOwner<Table>(catalogue)).filter(({ name }) => name !== '_prisma_migrations')
  expect(tables.length).toBeGreaterThan(12)
  for (const table of tables) {
    expect(table).toMatchObject({ forced: true, policies: expect.arrayContaining(['tenant']) })
    expect(table.owner).not.toBe('castellan_app')
    expect(table.first_key).toBe(table.name === 'tenants' ? 'id' : 'tenant_id')
    const appendOnly = ['audit_log', 'events', 'policy_versions', 'policy_schemas'].includes(table.name)
    expect(table.privileges).toEqual(appendOnly ? ['SELECT', 'INSERT'] : ['SELECT', 'INSERT', 'UPDATE', 'DELETE'])
  }
})

test('every unique index and foreign key within a tenant starts with the tenant', async () => {
  const keys = await app.asOwner<{ name: string; first: string }>(`
    select k.conname as name, a.attname as first from pg_constraint k
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f')
      and k.conrelid::regclass::text not in ('tenants', '_prisma_migrations')
    union all
    select i.indexrelid::regclass::text, a.attname from pg_index i
      join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indisunique and c.relname not in ('tenants', '_prisma_migrations')`)
  expect(keys.filter(({ first }) => first !== 'tenant_id')).toEqual([])
})

test('the application’s role is no superuser, cannot bypass row-level security and cannot become somebody else', async () => {
  const [role] = await app.asOwner(`select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
    exists (select from pg_auth_members where member = pg_roles.oid) as member from pg_roles where rolname = 'castellan_app'`)
  expect(role).toEqual({
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    member: false,
  })
  await expect(asApplication.query('set role postgres')).rejects.toThrow(/permission denied/)
  await expect(asApplication.query('alter table grants disable row level security')).rejects.toThrow(/must be owner/)
})

test('without a tenant no table shows a row and none takes one, and that is no error', async () => {
  for (const setting of [null, '']) {
    if (setting !== null) await asApplication.query(`select set_config('app.tenant_id', $1, false)`, [setting])
    for (const { name } of await app.asOwner<Table>(catalogue)) {
      if (name === '_prisma_migrations') continue
      expect((await asApplication.query(`select 1 from ${name}`)).rowCount).toBe(0)
    }
  }
  await expect(
    asApplication.query(`insert into identities (id, name) values (gen_random_uuid(), 'x')`),
  ).rejects.toThrow()
  await expect(
    asApplication.query(`insert into identities (tenant_id, id, name) values ($1, gen_random_uuid(), 'x')`, [acme]),
  ).rejects.toThrow(/row-level security/)
})

test('with a tenant its own rows are seen, and another tenant’s cannot be seen, written, moved or deleted', async () => {
  await asApplication.query(`select set_config('app.tenant_id', $1, false)`, [acme])
  const { rows } = await asApplication.query('select distinct tenant_id from identities')
  expect(rows).toEqual([{ tenant_id: acme }])
  expect((await asApplication.query('select id from tenants')).rows).toEqual([{ id: acme }])
  expect((await asApplication.query('select 1 from identities where tenant_id = $1', [globex])).rowCount).toBe(0)
  expect((await asApplication.query(`update identities set name = 'x' where tenant_id = $1`, [globex])).rowCount).toBe(
    0,
  )
  expect((await asApplication.query('delete from identities where tenant_id = $1', [globex])).rowCount).toBe(0)
  for (const statement of [
    `insert into identities (tenant_id, id, name) values ('${globex}', gen_random_uuid(), 'x')`,
    `update identities set tenant_id = '${globex}'`,
    `insert into tenants (id, slug, name) values (gen_random_uuid(), 'x', 'x')`,
    `update audit_heads set tenant_id = '${globex}'; insert into audit_heads (tenant_id, seq, hash) values ('${globex}', 0, '')`,
  ]) {
    await expect(asApplication.query(statement)).rejects.toThrow(/row-level security/)
  }
  expect((await asApplication.query(`update tenants set name = 'x'`)).rowCount).toBe(0)
})

test('the operator sees the tenants and who signs in where, and nothing else of them', async () => {
  await asApplication.query(`select set_config('app.tenant_id', $1, false)`, [operator])
  const visible: string[] = []
  for (const { name } of await app.asOwner<Table>(catalogue)) {
    if (name === '_prisma_migrations') continue
    if (((await asApplication.query(`select 1 from ${name}`)).rowCount ?? 0) > 0) visible.push(name)
  }
  expect(visible.filter((name) => !['audit_heads', 'audit_log', 'events', 'signing_keys'].includes(name))).toEqual([
    'oidc_issuers',
    'tenants',
  ])
  expect((await asApplication.query(`update oidc_issuers set audience = 'x'`)).rowCount).toBe(0)
})

test('what was appended to the audit log and the outbox cannot be changed by the application', async () => {
  await asApplication.query(`select set_config('app.tenant_id', $1, false)`, [acme])
  for (const table of ['audit_log', 'events']) {
    for (const statement of [`update ${table} set created_at = now()`, `delete from ${table}`, `truncate ${table}`]) {
      await expect(asApplication.query(statement)).rejects.toThrow(/permission denied/)
    }
  }
})
