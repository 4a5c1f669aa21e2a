import pg from 'pg'
import { ConfigError, type Config } from '../config/config.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { migrate, pendingMigrations } from './migrations.ts'

export interface OpenDatabase {
  /** Where the application's role logs in. */
  readonly url: string
  /** Where the owner of the schema logs in. */
  readonly ownerUrl: string
  readonly embedded: boolean
  stop(): Promise<void>
}

/**
 * The database of the settings, reachable and migrated: the server at DATABASE_URL, or the embedded one in DATA_DIR.
 * @param options.join share the embedded database with the process that holds it, instead of refusing
 */
export async function openDatabase(
  config: Config,
  options: { join?: boolean; log: (line: string) => void },
): Promise<OpenDatabase> {
  const { log } = options
  if (config.databaseUrl !== null) {
    const ownerUrl = config.migrationDatabaseUrl ?? config.databaseUrl
    if (config.migrationDatabaseUrl === null && loginOf(ownerUrl) === 'castellan_app') await requireMigrated(ownerUrl)
    else await migrate({ url: ownerUrl, log })
    return { url: config.databaseUrl, ownerUrl, embedded: false, stop: async () => undefined }
  }
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, join: options.join ?? false, log })
  try {
    await migrate({ url: postgres.ownerUrl, log })
    await letApplicationLogIn(postgres.ownerUrl)
  } catch (error) {
    await postgres.stop()
    throw error
  }
  return { url: postgres.appUrl, ownerUrl: postgres.ownerUrl, embedded: true, stop: () => postgres.stop() }
}

/** The application's own role owns nothing, so somebody else has to have migrated. */
async function requireMigrated(url: string): Promise<void> {
  const pending = await pendingMigrations(url)
  if (pending.length === 0) return
  throw new ConfigError(
    `the database lacks the migrations ${pending.join(', ')}: run castellan migrate with MIGRATION_DATABASE_URL, the owner of the schema`,
  )
}

function loginOf(url: string): string {
  return decodeURIComponent(new URL(url).username)
}

/** Only the embedded server's own socket, in a private folder, leads to this role. */
export async function letApplicationLogIn(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    await owner.query('alter role castellan_app login')
  } finally {
    await owner.end()
  }
}
