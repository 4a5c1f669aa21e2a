import { readFilter, type Language } from '#filter'
import type { Accepted } from '../../libs/filter/src/cases/case.ts'
import { people, peopleTable } from '../../libs/filter/src/cases/people.ts'
import { sailpointCases } from '../../libs/filter/src/cases/sailpoint.ts'
import { scimCases } from '../../libs/filter/src/cases/scim.ts'
import { peopleDatabase } from './people-database.ts'

const database = await peopleDatabase()
afterAll(() => database.end())

const names = new Map(Object.entries(people).map(([name, { id }]) => [id, name]))

describe.each<[Language, readonly Accepted[]]>([
  ['scim', scimCases],
  ['sailpoint', sailpointCases],
])('%s in PostgreSQL', (language, cases) => {
  test.each(cases)('%s names %3$s', async (text, _, expected) => {
    const found = await database.named(readFilter(text, peopleTable, language))
    expect(found.map((id) => names.get(id)).join(' ')).toBe(expected)
  })
})
