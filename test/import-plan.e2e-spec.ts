import { Database, forTenant, openContext, raw } from '#platform'
import { ImportRepository } from '../libs/directory/src/import/import.repository.ts'
import { References } from '../libs/directory/src/import/references.repository.ts'
import { startWorld } from './support/world.ts'

const world = await startWorld()
afterAll(() => world.close())

test('an import has each batch planned with the names that it looks for, never for names in general', async () => {
  const imports = world.app.get(ImportRepository)
  const references = world.app.get(References)
  const database = world.app.get(Database)
  const lookUp = () => imports.batch(() => references.resolve('identity', ['ada', 'charles']))
  const batches = 10
  const plans = await openContext(null, () =>
    forTenant(world.acme.id, () =>
      imports.whole(async () => {
        for (let batch = 0; batch < batches; batch++) await lookUp()
        return database.query(
          raw(`select generic_plans::int, custom_plans::int from pg_prepared_statements
            where statement like 'select t.external_id%'`).toStatement(),
        )
      }),
    ),
  )
  expect(plans).toEqual([{ generic_plans: 0, custom_plans: batches }])
})
