import pg from 'pg'
import { rowText } from '../../libs/platform/src/database/projection.ts'
import { identityView } from '../../libs/sailpoint/src/neighbours/identities/identities.fields.ts'
import { testDatabase } from '../support/postgres.ts'

const tenant = '019a0000-0000-7000-8000-000000000001'
const [chief, clerk] = ['019a0000-0000-7000-8000-000000000002', '019a0000-0000-7000-8000-000000000003']

let client: pg.Client

beforeAll(async () => {
  const { ownerUrl } = await testDatabase()
  client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query(`select set_config('app.tenant_id', '${tenant}', false)`)
  await client.query(`insert into tenants (id, name, slug) values ('${tenant}', 'Acme', 'acme')`)
  await client.query(`insert into identities (id, name) values ('${chief}', 'Chief'), ('${clerk}', 'Clerk')`)
  await client.query(`insert into identities (id, name, manager_id)
    select gen_random_uuid(), 'Person ' || n, case when n % 2 = 0 then '${chief}'::uuid end from generate_series(1, 4000) n`)
  await client.query('vacuum analyze identities')
  await client.query('set role castellan_app')
})
afterAll(() => client.end())

test('whether somebody manages others is read from an index, also where one manages many', async () => {
  const { text, values } = rowText(identityView).toStatement()
  const people = `select ${text} as json from identities t where t.id in ('${chief}', '${clerk}')`
  const { rows: plan } = await client.query<Record<string, string>>(`explain (costs off) ${people}`, [...values])
  expect(plan.map((row) => row['QUERY PLAN']).filter((line) => line?.includes('Seq Scan'))).toEqual([])
  const { rows } = await client.query<{ json: string }>(`${people} order by t.id`, [...values])
  expect(rows.map(({ json }) => (JSON.parse(json) as { isManager: boolean }).isManager)).toEqual([true, false])
})
