import pg from 'pg'
import { Fragment } from '#platform'
import { toSql, type BoundFilter } from '#filter'
import { people, peopleSql, type Person } from '../../libs/filter/src/cases/people.ts'
import { testDatabase } from '../support/postgres.ts'

/** The people of the cases in PostgreSQL. */
export interface PeopleDatabase {
  readonly client: pg.Client
  store(all: readonly Person[]): Promise<void>
  /** The ids of those that the filter names, in order. */
  named(filter: BoundFilter): Promise<string[]>
  end(): Promise<void>
}

export async function peopleDatabase(all: readonly Person[] = Object.values(people)): Promise<PeopleDatabase> {
  const { ownerUrl } = await testDatabase()
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query(peopleSql.create)
  const store = async (rows: readonly Person[]): Promise<void> => {
    await client.query('truncate people')
    await client.query(peopleSql.fill, [JSON.stringify(rows)])
  }
  await store(all)
  return {
    client,
    store,
    named: async (filter) => {
      const { strings, values } = toSql(filter)
      const { text, values: bound } = new Fragment(strings, values).toStatement()
      const { rows } = await client.query<{ id: string }>(`select t.id from people t where ${text} order by t.id`, [
        ...bound,
      ])
      return rows.map(({ id }) => id)
    },
    end: () => client.end(),
  }
}
