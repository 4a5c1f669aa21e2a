import { inTenant } from '../../../../test/support/tenant.ts'
import { RememberedQueries } from './remembered-queries.ts'

class Grants {}
class Groups {}

const one = '2489e9ad-2ee2-8e00-8ec9-32d5f69181c0'
const other = '00000000-0000-4000-8000-000000000001'

/** Asks, and tells how often a query had to be read. */
function remembered() {
  const queries = new RememberedQueries()
  let reads = 0
  const ask = (query: object, { tenant = one, type = Grants } = {}): Promise<object> =>
    inTenant(tenant, () => Promise.resolve(queries.get(type, query, () => ({ ...query, read: (reads += 1) }))))
  return { ask, reads: () => reads }
}

it('reads the same query of a tenant once', async () => {
  const { ask, reads } = remembered()
  const first = await ask({ limit: '5' })
  expect(await ask({ limit: '5' })).toBe(first)
  expect([first, reads()]).toEqual([{ limit: '5', read: 1 }, 1])
})

it.each([
  ['another query', { limit: '6' }, {}],
  ['more of it', { limit: '5', cursor: 'x' }, {}],
  ['a list in the place of a text', { limit: ['5'] }, {}],
  ['another class', { limit: '5' }, { type: Groups }],
  ['another tenant', { limit: '5' }, { tenant: other }],
])('reads %s anew', async (_, query, from) => {
  const { ask, reads } = remembered()
  await ask({ limit: '5' })
  await ask(query, from)
  expect(reads()).toBe(2)
})

it('is not written to', async () => {
  const passed = (await remembered().ask({ limit: '5' })) as { limit: string }
  expect(() => (passed.limit = '6')).toThrow(TypeError)
})

it('remembers no query that was refused', () => {
  const queries = new RememberedQueries()
  const refused = (): never => {
    throw new Error('refused')
  }
  expect(() => queries.get(Grants, {}, refused)).toThrow('refused')
  expect(queries.get(Grants, {}, () => ({ passed: true }))).toEqual({ passed: true })
})

it('holds the last thousand, and none that is long', async () => {
  const { ask, reads } = remembered()
  for (let n = 0; n <= 1000; n++) await ask({ n })
  await ask({ n: 1000 })
  expect(reads()).toBe(1001)
  await ask({ n: 0 })
  expect(reads()).toBe(1002)
  const long = { filter: 'x'.repeat(1024) }
  await ask(long)
  await ask(long)
  expect(reads()).toBe(1004)
})
