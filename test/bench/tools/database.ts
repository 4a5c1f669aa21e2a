import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { letApplicationLogIn, migrate, startEmbeddedPostgres } from '#platform'

type Row = Record<string, unknown>

/** A migrated, empty database on a server of its own, as safe on disk as in production. */
export interface BenchDatabase {
  readonly ownerUrl: string
  readonly appUrl: string
  /** As the owner of the schema, past row-level security. */
  asOwner(text: string, values?: readonly unknown[]): Promise<Row[]>
  version(): Promise<string>
  stop(): Promise<void>
}

export async function startBenchDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'castellan-bench-'))
  // As root, PostgreSQL runs as another user, who must be able to come in.
  await chmod(folder, 0o711)
  const postgres = await startEmbeddedPostgres({ dataDir: folder })
  const { ownerUrl, appUrl } = postgres
  const asOwner = async (text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: ownerUrl })
    await client.connect()
    try {
      return (await client.query<Row>(text, [...values])).rows
    } finally {
      await client.end()
    }
  }
  await migrate({ url: ownerUrl })
  await letApplicationLogIn(ownerUrl)
  return {
    ownerUrl,
    appUrl,
    asOwner,
    version: async () => String((await asOwner('show server_version'))[0]?.['server_version']),
    stop: async () => {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
