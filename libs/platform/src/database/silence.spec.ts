import pg from 'pg'
import { DatabaseLink } from '../../../../test/support/database-link.ts'
import { testDatabase } from '../../../../test/support/postgres.ts'
import { inTenant } from '../../../../test/support/tenant.ts'
import { toDomainError } from './database-errors.ts'
import { Database } from './database.ts'
import { raw } from './sql.ts'

const tenant = '019a0000-0000-7000-8000-00000000000a'
const one = raw('select 1 as one').toStatement()

let link: DatabaseLink
let database: Database

beforeAll(async () => {
  link = await DatabaseLink.to(await testDatabase())
  database = new Database({ url: link.database.appUrl, poolSize: 2, suspiciousMs: 500 })
})

afterAll(async () => {
  await database.onApplicationShutdown()
  await link.close()
})

const read = (): Promise<unknown> => inTenant(tenant, () => database.query(one))
const count = (): Promise<unknown> => inTenant(tenant, () => database.prisma.identities.count())
const readThenCount = (): Promise<unknown> =>
  inTenant(tenant, () =>
    database.transaction(async () => {
      await database.query(one)
      return database.prisma.identities.count()
    }),
  )

test.each([
  ['a statement', read],
  ["a statement of Prisma's", count],
  ['a transaction', readThenCount],
])('%s that the database does not answer is given up, and its connection with it', async (_, work) => {
  await Promise.all([work(), work()])
  link.silence()
  const both = await Promise.allSettled([work(), work()])
  link.speak()
  for (const each of both) {
    if (each.status === 'fulfilled') throw new Error('The database cannot have answered')
    expect(toDomainError(each.reason)).toMatchObject({ code: 'unavailable', headers: { 'retry-after': '1' } })
  }
  await Promise.all([work(), work(), work(), work()])
})

test('a transaction that falls silent in its middle is given up, and the next one has another connection', async () => {
  const broken = inTenant(tenant, () =>
    database.transaction(async () => {
      await database.query(one)
      link.silence()
      await database.query(one)
    }),
  )
  await expect(broken).rejects.toMatchObject({ code: 'unavailable' })
  link.speak()
  await Promise.all([readThenCount(), readThenCount(), readThenCount()])
})

test('a statement that takes long is waited for by a database that takes no more connections, since it says so', async () => {
  const slow = raw('select 1 as one from pg_sleep(3)').toStatement()
  await Promise.all([read(), read()])
  const owner = new pg.Client({ connectionString: link.database.ownerUrl })
  await owner.connect()
  const [{ name } = { name: '' }] = (await owner.query<{ name: string }>('select current_database() as name')).rows
  await owner.query(`alter database "${name}" connection limit 2`)
  const both = await Promise.all([1, 2].map(() => inTenant(tenant, () => database.query(slow))))
  await owner.query(`alter database "${name}" connection limit -1`)
  await owner.end()
  expect(both).toEqual([[{ one: 1 }], [{ one: 1 }]])
})

test('a statement that takes long is waited for while the database answers others', async () => {
  const slow = raw('select 1 as one from pg_sleep(3)').toStatement()
  expect(await inTenant(tenant, () => database.query(slow))).toEqual([{ one: 1 }])
})
