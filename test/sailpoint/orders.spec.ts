import pg from 'pg'
import { readSort, type FieldTable } from '#filter'
import { oldestFirst } from '#platform'
import { directed, ordering } from '../../libs/platform/src/database/order.ts'
import { profileFields } from '../../libs/sailpoint/src/access-profiles/access-profiles.fields.ts'
import { entitlementFields } from '../../libs/sailpoint/src/neighbours/entitlements/entitlements.fields.ts'
import {
  identityFields,
  publicIdentityFields,
} from '../../libs/sailpoint/src/neighbours/identities/identities.fields.ts'
import { testDatabase } from '../support/postgres.ts'

/* The lists that may be long are read in the order of an index, which must say what libs/filter writes to the letter. */

const lists: readonly [table: string, fields: FieldTable, without: readonly string[]][] = [
  ['access_profiles', profileFields, []],
  ['entitlements', entitlementFields, []],
  ['identities', publicIdentityFields, []],
  // Of two values, the state of a person is what is left to sort.
  ['identities', identityFields, ['cloudStatus']],
]
const orders = lists.flatMap(([table, fields, without]) =>
  fields.sortable
    .filter((name) => !without.includes(name))
    .flatMap((name) => [name, `-${name}`].map((sort) => [table, sort, fields] as const)),
)

let client: pg.Client

beforeAll(async () => {
  const { ownerUrl } = await testDatabase()
  client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query('set enable_sort = off; set enable_seqscan = off; set enable_bitmapscan = off')
})
afterAll(() => client.end())

test.each(orders)('%s by %s', async (table, sort, fields) => {
  const { text } = ordering(directed(oldestFirst, readSort(sort, fields, 'signed'))).toStatement()
  const { rows } = await client.query<Record<string, string>>(
    `explain (costs off) select t.id from ${table} t where t.tenant_id = '019a0000-0000-7000-8000-000000000001' order by ${text} limit 50`,
  )
  const plan = rows.map((row) => row['QUERY PLAN'] ?? '')
  const sorts = /(?:^|-> +)(?:Incremental )?Sort/
  expect([plan.filter((line) => sorts.test(line)), plan.join('\n')]).toEqual([
    [], expect.stringMatching(/Index (?:Only )?Scan/),
  ])
}) // prettier-ignore
