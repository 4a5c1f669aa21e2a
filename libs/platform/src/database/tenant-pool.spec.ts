import type { Socket } from 'node:net'
import pg from 'pg'
import { testDatabase, type TestDatabase } from '../../../../test/support/postgres.ts'
import { inTenant } from '../../../../test/support/tenant.ts'
import { Database } from './database.ts'
import { toDomainError } from './database-errors.ts'
import { TenantPool } from './tenant-pool.ts'
import { raw, sql } from './sql.ts'

let test_: TestDatabase
let database: Database

const tenants = ['019a0000-0000-7000-8000-00000000000a', '019a0000-0000-7000-8000-00000000000b'] as const
const read = raw('select id::text as id, tenant_id::text as tenant_id from identities').toStatement()

beforeAll(async () => {
  test_ = await testDatabase()
  const owner = new pg.Client({ connectionString: test_.ownerUrl })
  await owner.connect()
  for (const tenant of tenants) {
    await owner.query(`insert into identities (tenant_id, id, name) values ($1, gen_random_uuid(), 'a person')`, [
      tenant,
    ])
  }
  await owner.end()
  database = new Database({ url: test_.appUrl, poolSize: 1 })
})

afterAll(() => database.onApplicationShutdown())

test('one connection serves many tenants in turn and never shows one the rows of another', async () => {
  const seen = await Promise.all(
    Array.from({ length: 400 }, async (_, index) => {
      const tenant = tenants[index % 2] as string
      const rows = await inTenant(tenant, () => database.query<{ tenant_id: string }>(read))
      return rows.every(({ tenant_id }) => tenant_id === tenant) && rows.length === 1
    }),
  )
  expect(seen.every(Boolean)).toBe(true)
})

test('Prisma, its transactions and raw SQL keep to the tenant', async () => {
  await Promise.all(
    tenants.map((tenant) =>
      inTenant(tenant, async () => {
        expect(await database.prisma.identities.count()).toBe(1)
        await database.transaction(async () => {
          expect(await database.prisma.identities.count()).toBe(1)
          expect(await database.query(read)).toEqual([expect.objectContaining({ tenant_id: tenant })])
        })
      }),
    ),
  )
})

test('a statement that fails, and a transaction that is broken off, leave nothing behind for the next tenant', async () => {
  await inTenant(tenants[0], async () => {
    await expect(database.query(raw('select 1/0 as x').toStatement())).rejects.toThrow()
    await expect(
      database.transaction(async () => {
        await database.prisma.identities.updateMany({ data: { name: 'changed' } })
        throw new Error('broken off')
      }),
    ).rejects.toThrow('broken off')
    expect(await database.prisma.identities.count({ where: { name: 'changed' } })).toBe(0)
  })
  await inTenant(tenants[1], async () => {
    expect(await database.query(read)).toEqual([expect.objectContaining({ tenant_id: tenants[1] })])
  })
})

test('a part of a transaction that fails leaves the rest of it whole, parts within parts too', async () => {
  const add = (id: string): Promise<unknown> =>
    database.prisma.identities.create({ data: { id: `019a0000-0000-7000-8000-00000000${id}`, name: 'in parts' } })
  const fails = async (): Promise<void> => {
    await add('0bad')
    await add('0bad')
  }
  await inTenant(tenants[0], async () => {
    await database.transaction(async () => {
      await add('0001')
      await expect(database.part(fails)).rejects.toMatchObject({ code: 'already_exists' })
      await database.part(async () => {
        await add('0002')
        await expect(database.part(fails)).rejects.toMatchObject({ code: 'already_exists' })
        await add('0003')
      })
    })
    await expect(database.part(fails)).rejects.toMatchObject({ code: 'already_exists' })
    const rows = await database.prisma.identities.findMany({ where: { name: 'in parts' }, orderBy: { id: 'asc' } })
    expect(rows.map(({ id }) => id.slice(-4))).toEqual(['0001', '0002', '0003'])
    await database.prisma.identities.deleteMany({ where: { name: 'in parts' } })
  })
})

test('work outside of any tenant sees no rows', async () => {
  await inTenant(tenants[0], () => database.query(read))
  expect(await database.query(read)).toEqual([])
  expect(await database.prisma.identities.count()).toBe(0)
})

test('the same row in two tenants is two rows: a write reaches its own', async () => {
  const shared = '019a0000-0000-7000-8000-00000000cccc'
  for (const tenant of tenants) {
    await inTenant(tenant, () => database.prisma.identities.create({ data: { id: shared, name: 'before' } }))
  }
  await inTenant(tenants[0], () =>
    database.query(sql`update identities set name = 'after' where id = ${shared}::uuid`.toStatement()),
  )
  const [row] = await inTenant(tenants[1], () =>
    database.query<{ name: string }>(sql`select name from identities where id = ${shared}::uuid`.toStatement()),
  )
  expect(row?.name).toBe('before')
})

test('a transaction that took too long is over: its later statements run nowhere, least of all for another tenant', async () => {
  let late: Promise<unknown> = Promise.resolve()
  const overdue = inTenant(tenants[0], () =>
    database.transaction(
      async () => {
        await database.query(read)
        late = pastItsEnd(() => database.query(read))
        await late
      },
      { timeout: 50 },
    ),
  )
  await expect(overdue).rejects.toMatchObject({ code: 'unavailable' })
  await expect(late).rejects.toMatchObject({ code: 'unavailable' })
  await inTenant(tenants[1], async () => {
    expect(await database.query(read)).toEqual(
      (await database.prisma.identities.findMany()).map(({ id }) => ({ id, tenant_id: tenants[1] })),
    )
  })
})

test('what a transaction says after a statement that outlasted it is not stored by itself', async () => {
  let late: Promise<unknown> = Promise.resolve()
  const insert = (name: string): Promise<unknown> =>
    database.query(
      sql`insert into identities (tenant_id, id, name) values (${tenants[0]}::uuid, gen_random_uuid(), ${name})`.toStatement(),
    )
  const overdue = inTenant(tenants[0], () =>
    database.transaction(
      async () => {
        await insert('early')
        await database.query(raw('select pg_sleep(0.3)').toStatement())
        await (late = insert('late'))
      },
      { timeout: 100 },
    ),
  )
  await expect(overdue).rejects.toMatchObject({ code: 'unavailable' })
  await expect(late).rejects.toMatchObject({ code: 'unavailable' })
  await inTenant(tenants[0], async () => {
    const found = await database.prisma.identities.findMany({ where: { name: { in: ['early', 'late'] } } })
    expect(found).toEqual([])
  })
})

test('who waits too long for a connection is told to try again, and the connection is there for the next', async () => {
  const ready = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const holding = inTenant(tenants[0], () =>
    database.transaction(async () => {
      ready.resolve()
      await held.promise
    }),
  )
  await ready.promise
  const late = [1, 2].map(() => inTenant(tenants[1], () => database.query(read)))
  late.push(inTenant(tenants[1], () => database.prisma.identities.findMany()))
  for (const each of await Promise.allSettled(late)) {
    if (each.status === 'fulfilled') throw new Error('The only connection was taken')
    expect(toDomainError(each.reason)).toMatchObject({ code: 'unavailable', headers: { 'retry-after': '1' } })
  }
  held.resolve()
  await holding
  await inTenant(tenants[1], async () => expect(await database.query(read)).not.toEqual([]))
})

/** Repeats until it fails. */
async function pastItsEnd(query: () => Promise<unknown>): Promise<void> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline;) {
    await query()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('a connection that breaks while it changes its tenant is an error of the caller, and of nobody else', async () => {
  const pool = new TenantPool({ connectionString: test_.appUrl, max: 1 })
  pool.on('error', () => undefined)
  try {
    await inTenant(tenants[0], () => pool.query('select 1'))
    // Before it has been told its tenant; an error event without a listener would end the process.
    pool.once(
      'acquire',
      (client) =>
        void (client as { connection?: { stream: Socket } }).connection?.stream.destroy(new Error('write EPIPE')),
    )
    await expect(inTenant(tenants[1], () => pool.query('select 1'))).rejects.toThrow(/EPIPE|terminated/)
    expect((await inTenant(tenants[1], () => pool.query('select 1 as one'))).rows).toEqual([{ one: 1 }])
  } finally {
    await pool.end()
  }
})
