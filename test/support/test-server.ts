import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/platform/src/database/embedded-postgres.ts'
import { migrate } from '../../libs/platform/src/database/migrations.ts'

/** The migrated database every test database is a copy of. Nobody stays connected to it. */
export const TEMPLATE = 'castellan_template'
/** Holds the superuser's URL to the run's server, for jest's workers. */
export const TEST_POSTGRES_URL = 'CASTELLAN_TEST_POSTGRES_URL'

interface TestServer {
  readonly postgres: EmbeddedPostgres
  readonly folder: string
  readonly guard: ChildProcess
}

// jest loads setup and teardown in one process, maybe as two copies of this module.
const shared = globalThis as { castellanTestServer?: TestServer }

/** Nothing survives the run, so nothing is written for safety. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

export async function startTestPostgres(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'castellan-test-'))
  await chmod(folder, 0o711)
  const guard = guardOf(folder)
  const postgres = await startEmbeddedPostgres({ dataDir: folder, settings: SETTINGS })
  shared.castellanTestServer = { postgres, folder, guard }
  process.env[TEST_POSTGRES_URL] = postgres.ownerUrl

  await execute(postgres.ownerUrl, `CREATE DATABASE ${TEMPLATE}`)
  await migrate({ url: postgres.urlFor(TEMPLATE) })
  await execute(
    postgres.ownerUrl,
    "DO $$ BEGIN IF to_regrole('castellan_app') IS NOT NULL THEN ALTER ROLE castellan_app LOGIN; END IF; END $$",
  )
}

export async function stopTestPostgres(): Promise<void> {
  const server = shared.castellanTestServer
  if (!server) return
  await server.postgres.stop()
  await rm(server.folder, { recursive: true, force: true })
  server.guard.stdin?.end()
}

/** Outlives a killed run: when our end of its input closes, it stops the server and removes the folder. After a clean end it finds nothing to do. */
function guardOf(folder: string): ChildProcess {
  const script = [
    'cat > /dev/null',
    'file="$0/postgres/postmaster.pid"',
    '[ -f "$file" ] && pid=$(sed -n 1p "$file") && socket=$(sed -n 5p "$file") && kill -INT "$pid" && sleep 2 && rmdir "$socket"',
    'rm -rf "$0"',
  ].join('\n')
  const guard = spawn('sh', ['-c', script, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  guard.unref()
  if (guard.stdin && 'unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref()
  return guard
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
