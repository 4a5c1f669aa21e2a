import fc from 'fast-check'
import pg from 'pg'
import { FieldTable, id, instant, number, readFilter, readSort, text, type BoundFilter, type BoundSort } from '#filter'
import { testDatabase } from '../../../../test/support/postgres.ts'
import { inTenant } from '../../../../test/support/tenant.ts'
import { Database } from './database.ts'
import { column, columns, time, type Projection } from './projection.ts'
import { readOffsetPage, readPage } from './read.ts'
import { raw, type Sql } from './sql.ts'

const tenant = '2489e9ad-2ee2-8e00-8ec9-32d5f69181c0'

interface Thing {
  readonly id: string
  readonly name: string
  readonly rank: number | null
  readonly ends_at: string | null
}

const projection: Projection = {
  table: 'things',
  fields: { ...columns('id', 'name', 'rank'), ends_at: time('ends_at') },
}
const table = new FieldTable({
  id: id(column('id'), { sortable: true }),
  name: text(column('name'), { sortable: true }),
  rank: number(column('rank'), { nullable: true, sortable: true }),
  ends_at: instant(column('ends_at'), { nullable: true, sortable: true }),
})
const fields = ['name', 'rank', 'ends_at'] as const

const { ownerUrl, appUrl } = await testDatabase()
const owner = new pg.Client({ connectionString: ownerUrl })
await owner.connect()
await owner.query(`create table things (id uuid primary key, name text not null, rank integer, ends_at timestamptz(3),
  created_at timestamptz(3) not null default app_now()); grant select on things to castellan_app`)
const database = new Database({ url: appUrl, poolSize: 1 })
afterAll(async () => {
  await database.onApplicationShutdown()
  await owner.end()
})

const things = fc
  .uniqueArray(
    fc.record({
      id: fc.uuid(),
      name: fc.constantFrom('a', 'A', 'b', 'é', 'Z', '🦊', '\u{ffff}', ''),
      rank: fc.option(fc.integer({ min: -1, max: 2 }), { nil: null }),
      ends_at: fc.constantFrom(
        null,
        '1969-01-01T00:00:00.000Z',
        '2026-01-01T00:00:00.001Z',
        '2026-01-01T00:00:00.000Z',
      ),
    }),
    { selector: (thing) => thing.id, minLength: 1, maxLength: 25 },
  )
  .map((all): readonly Thing[] => all)

const sorts = fc
  .shuffledSubarray([...fields], { minLength: 1 })
  .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom(name, `-${name}`))))
  .map((keys) => readSort(keys.join(','), table, 'signed'))

describe('readPage', () => {
  test('goes through all rows once, in any order, whatever is missing, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(things, sorts, fc.integer({ min: 1, max: 9 }), async (all, sort, limit) => {
        await store(all)
        const found = await pages(sort, limit)
        expect(found.flat()).toEqual([...all].sort(inOrder(sort)).map((thing) => thing.id))
        expect(found.slice(0, -1).every(({ length }) => length === limit)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('neither skips nor repeats a row while rows are written before and behind the cursor', async () => {
    await store(named('c', 'e', 'g'))
    const sort = readSort('name', table, 'signed')
    const first = await page({ limit: 2, sort })
    await owner.query(`insert into things (id, name) values (gen_random_uuid(), 'a'), (gen_random_uuid(), 'f')`)
    const rest = await page({ limit: 10, sort, cursor: first.next ?? '' })
    expect([...first.names, ...rest.names]).toEqual(['c', 'e', 'f', 'g'])
  })

  test('gives a cursor that is good for the same filter and order only', async () => {
    await store(named('a', 'b', 'c'))
    const [byName, byRank] = ['name', 'rank,name'].map((each) => readSort(each, table, 'signed'))
    const [some, others] = ['name ne "x"', 'name ne "y"'].map((each) => readFilter(each, table, 'scim'))
    const { next } = await page({ limit: 1, sort: byName, filter: some })
    const cursor = next ?? ''
    expect((await page({ limit: 1, sort: byName, filter: some, cursor })).names).toEqual(['b'])
    for (const other of [{ sort: byRank, filter: some }, { sort: byName, filter: others }, { sort: byName }, {}])
      await expect(page({ limit: 1, ...other, cursor })).rejects.toMatchObject({ code: 'invalid_cursor' })
  })
})

describe('readOffsetPage', () => {
  test('is the slice of the whole list, with the total that the filter names', async () => {
    await fc.assert(
      fc.asyncProperty(things, sorts, fc.nat(30), fc.nat(30), async (all, sort, limit, offset) => {
        await store(all)
        const filter = readFilter('rank ne 2', table, 'scim')
        const expected = all.filter(({ rank }) => rank !== 2).sort(inOrder(sort))
        const found = await offsetPage({ limit, offset, count: true, filter, sort })
        expect(found.ids).toEqual(expected.slice(offset, offset + limit).map((thing) => thing.id))
        expect(found.total).toBe(expected.length)
        expect(found.next === null).toBe(limit === 0 || offset + limit >= expected.length)
      }),
      { numRuns: 100 },
    )
  })

  test('is full when more follows, also when a row of it is deleted while it is read', async () => {
    const all = named('a', 'b', 'c', 'd')
    await store(all)
    let statements = 0
    const meddled = new Proxy(database, {
      get: (target, name) =>
        name === 'query'
          ? async (statement: Sql) => {
              if (++statements === 2) await owner.query(`delete from things where name = 'a'`)
              return target.query(statement)
            }
          : Reflect.get(target, name, target),
    })
    const sort = readSort('name', table, 'signed')
    const asked = { limit: 2, offset: 0, count: true, sort }
    const { rows, total } = await inTenant(tenant, () => readOffsetPage(meddled, projection, asked, [], null))
    expect([(JSON.parse(rows.text) as Thing[]).map(({ name }) => name), total]).toEqual([['b', 'c'], 3])
  })

  test('goes on behind its cursor, and counts only when it is asked to', async () => {
    const all = named('a', 'b', 'c', 'd')
    await store(all)
    const sort = readSort('-name', table, 'signed')
    const first = await offsetPage({ limit: 1, offset: 1, count: false, sort })
    const second = await offsetPage({ limit: 9, offset: 0, count: true, sort, cursor: first.next ?? '' })
    expect([first.ids, second.ids]).toEqual([[all[2]?.id], [all[1]?.id, all[0]?.id]])
    expect([first.total, second.total]).toEqual([undefined, 4])
  })
})

test('statements with a filter or an order are not kept by the connection, those without are', async () => {
  const kept = async (): Promise<number> => {
    const rows = await database.query<{ n: number }>(
      raw('select count(*)::int as n from pg_prepared_statements').toStatement(),
    )
    return rows[0]?.n ?? -1
  }
  await kept()
  const before = await kept()
  for (let n = 0; n < 20; n++)
    await page({ limit: 1, filter: readFilter(Array(n + 1).fill('name pr').join(' and '), table, 'scim') }) // prettier-ignore
  for (const sort of ['name', '-name', 'rank,name']) await page({ limit: 1, sort: readSort(sort, table, 'signed') })
  expect(await kept()).toBe(before)
  await page({ limit: 3 })
  await page({ limit: 4 })
  expect(await kept()).toBeLessThanOrEqual(before + 1)
})

interface Asked {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly filter?: BoundFilter | undefined
  readonly sort?: BoundSort | undefined
}

async function page(asked: Asked): Promise<{ ids: string[]; names: string[]; next: string | null }> {
  const { text: body } = await inTenant(tenant, () => readPage(database, projection, asked, [], null))
  const { data, next_cursor } = JSON.parse(body) as { data: Thing[]; next_cursor: string | null }
  return { ids: data.map((thing) => thing.id), names: data.map(({ name }) => name), next: next_cursor }
}

async function pages(sort: BoundSort, limit: number): Promise<string[][]> {
  const found: string[][] = []
  let cursor: string | undefined
  do {
    const { ids, next } = await page({ limit, sort, cursor })
    found.push(ids)
    cursor = next ?? undefined
  } while (cursor !== undefined)
  return found
}

async function offsetPage(
  asked: Asked & { offset: number; count: boolean },
): Promise<{ ids: string[]; total: number | undefined; next: string | null }> {
  const { rows, total, next } = await inTenant(tenant, () => readOffsetPage(database, projection, asked, [], null))
  return { ids: (JSON.parse(rows.text) as Thing[]).map((thing) => thing.id), total, next }
}

async function store(all: readonly Thing[]): Promise<void> {
  await owner.query('truncate things')
  await owner.query(
    `insert into things (id, name, rank, ends_at)
      select id, name, rank, ends_at from jsonb_to_recordset($1) as r(id uuid, name text, rank integer, ends_at timestamptz)`,
    [JSON.stringify(all)],
  )
}

function named(...names: string[]): Thing[] {
  return names.map((name, index) => ({
    id: `019a0000-0000-7000-8000-00000000000${index}`,
    name,
    rank: null,
    ends_at: null,
  }))
}

/** Missing values behind all others, texts by code point without regard to case, ties by the id in the last direction. */
function inOrder({ keys }: BoundSort): (left: Thing, right: Thing) => number {
  return (left, right) => {
    const last = keys.at(-1)?.descending ? -1 : 1
    const steps = keys.map(({ name, descending }) => {
      const [one, other] = [left, right].map((thing) => rankOf(thing[name as (typeof fields)[number]]))
      return compare(one ?? '', other ?? '') * (descending ? -1 : 1)
    })
    return steps.find((step) => step !== 0) ?? compare(left.id, right.id) * last
  }
}

/** Text that compares as the value does. */
function rankOf(value: string | number | null): string {
  if (value === null) return '1'
  const comparable = typeof value === 'number' ? String(value + 500) : value.toLowerCase()
  return `0${Buffer.from(comparable).toString('hex')}`
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
