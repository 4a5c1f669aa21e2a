import { Database, forTenant, openContext, type Sql } from '#platform'
import type { World } from './world.ts'

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Shared Hit Blocks': number } }[]
}

/** The blocks that each of the statements reads for the tenant; they are run. */
export function blocksRead({ app }: World, tenantId: string, statements: readonly Sql[]): Promise<number[]> {
  const database = app.get(Database)
  const explain = 'explain (analyze, timing off, buffers, format json)'
  return openContext(null, () =>
    forTenant(tenantId, async () => {
      const found: number[] = []
      for (const { text, values } of statements) {
        const [row] = await database.query<Explained>({ text: `${explain} ${text}`, values })
        found.push(row?.['QUERY PLAN'][0]?.Plan['Shared Hit Blocks'] ?? NaN)
      }
      return found
    }),
  )
}
