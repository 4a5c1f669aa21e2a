import { readFile, readdir } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaEngine, SchemasContainer } from '@prisma/schema-engine-wasm'
import pg from 'pg'

// The engine writes the same a moment later; killed in between, the migration would be applied twice.
const MARK_FINISHED =
  'UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL'
const MIGRATION_LOCK = 7_236_517_002
const [CHAR, TEXT, NAME_ARRAY, TEXT_ARRAY] = [18, 25, 1003, 1009]
const NO_FILTERS = { externalTables: [], externalEnums: [] }

/**
 * Applies the folders in prisma/migrations in order, by Prisma's own schema engine compiled to WASM; fills _prisma_migrations as `prisma migrate deploy` would.
 * A migration applies whole or not at all, also when the process is killed, unless its file has its own BEGIN and COMMIT; a failed one is tried again at the next call.
 * Processes that migrate at once wait for each other. Returns the names applied now.
 * Then lays prisma/rls.sql, the template of every table, over the tables that do not have it yet.
 * @param options.url a role that owns the schema
 * @param options.folder the prisma folder (schema.prisma, models/, migrations/); castellan's own by default
 */
export async function migrate(options: {
  url: string
  folder?: string
  log?: (line: string) => void
}): Promise<string[]> {
  const folder = options.folder ?? prismaFolder()
  const lock = new pg.Client({ connectionString: options.url, application_name: 'castellan migrate' })
  lock.on('error', () => undefined)
  await lock.connect()
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    const applied = await applyPending(options.url, folder, lock, options.log)
    await lock.query(await readFile(join(folder, 'rls.sql'), 'utf8'))
    return applied
  } finally {
    await lock.end()
  }
}

async function applyPending(
  url: string,
  folder: string,
  lock: pg.Client,
  log?: (line: string) => void,
): Promise<string[]> {
  const pending = await pendingMigrations(url, folder)
  if (pending.length === 0) return []
  return withEngine(url, folder, async (engine) => {
    for (const name of await unfinishedMigrations(lock)) await engine.markMigrationRolledBack({ migrationName: name })
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: await migrationList(folder),
      filters: NO_FILTERS,
    })
    for (const name of appliedMigrationNames) log?.(`migration ${name} applied`)
    return appliedMigrationNames
  })
}

/** The names of the migration folders that do not stand in _prisma_migrations as finished; [] when the database is up to date. */
export async function pendingMigrations(url: string, folder = prismaFolder()): Promise<string[]> {
  const names = await migrationNames(folder)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ migration_name: string }>(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    )
    const finished = new Set(rows.map((row) => row.migration_name))
    return names.filter((name) => !finished.has(name))
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42P01') return names
    throw error
  } finally {
    await client.end()
  }
}

/** Migrations that failed or were killed: nothing of them was applied. The engine would refuse to go on. */
async function unfinishedMigrations(client: pg.Client): Promise<string[]> {
  const { rows: tables } = await client.query<{ found: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found",
  )
  if (!tables[0]?.found) return []
  const { rows } = await client.query<{ name: string }>(
    'SELECT DISTINCT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL',
  )
  return rows.map((row) => row.name)
}

/**
 * SQL from the database at url to the Prisma schema: the start of a new migration, '' when they agree. Sees what Prisma can
 * say: no policies, triggers, functions, checks.
 */
export async function migrationScript(url: string, folder = prismaFolder()): Promise<string> {
  const files = await schemaFiles(folder)
  return withEngine(url, folder, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', ...files, configDir: folder },
      to: { tag: 'schemaDatamodel', ...files },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    })
    const script = stdout?.trim() ?? ''
    return script === '-- This is an empty migration.' ? '' : script
  })
}

async function withEngine<Result>(
  url: string,
  folder: string,
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  const { files } = await schemaFiles(folder)
  const { SchemaEngine } = await engineModule()
  // The engine does not close what it opened; the pool is ours, so that it ends here.
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  pool.on('error', () => undefined)
  const adapter = bindMigrationAwareSqlAdapterFactory(engineAdapter(pool, await migrationScripts(folder)))
  try {
    const engine = await SchemaEngine.new(
      { datamodels: files.map((file) => [file.path, file.content]) },
      () => undefined,
      adapter,
    )
    try {
      return await work(engine)
    } finally {
      engine.free()
    }
  } catch (error) {
    throw new Error(`prisma schema or migrations in ${folder}: ${engineReason(error)}`, { cause: error })
  } finally {
    await pool.end()
  }
}

/** The engine's text without its own call stack, but with the migration that the stack names. */
function engineReason(error: unknown): string {
  const [reason = '', stack = ''] = (error instanceof Error ? error.message : String(error)).split(/\n\s+0: /)
  const migration = /with migration_name="([^"]+)"/.exec(stack)?.[1]
  return `${migration ? `migration ${migration}: ` : ''}${reason.trim()}`
}

/**
 * Prisma's adapter, corrected in two places.
 * Scripts go to PostgreSQL whole: Prisma would cut them at every semicolon, also within function bodies, literals and comments,
 * and send the parts one by one; sent whole, a script is also one transaction, which for a migration includes the note that it is finished.
 * The catalog's one-byte type "char" is readable: the engine reads it to describe a database, the adapter refuses it.
 */
function engineAdapter(pool: pg.Pool, migrations: ReadonlySet<string>): SqlMigrationAwareDriverAdapterFactory {
  const characterColumns = withReadableCatalog(pool)
  const factory = new PrismaPg(pool)
  const corrected = (adapter: SqlDriverAdapter): SqlDriverAdapter => {
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query)
      for (const column of characterColumns.get(result.rows) ?? [])
        result.columnTypes[column] = ColumnTypeEnum.Character
      return result
    }
    adapter.executeScript = async (script) => {
      await pool.query(migrations.has(script) ? `${script}\n;${MARK_FINISHED}` : script).catch((error: unknown) => {
        throw error instanceof pg.DatabaseError ? driverError(error) : error
      })
    }
    return adapter
  }
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => corrected(await factory.connect()),
    connectToShadowDb: () => Promise.reject(new Error('castellan compares without a shadow database')),
  }
}

/** Makes the pool say text for "char" and name[], and tells for each answer's rows which columns were "char". */
function withReadableCatalog(pool: pg.Pool): WeakMap<object, number[]> {
  const characterColumns = new WeakMap<object, number[]>()
  const query = pool.query.bind(pool) as (config: string | pg.QueryArrayConfig) => Promise<pg.QueryArrayResult>
  const readable = async (config: string | pg.QueryArrayConfig): Promise<pg.QueryArrayResult> => {
    const result = await query(config)
    for (const [column, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID === CHAR)
        characterColumns.set(result.rows, [...(characterColumns.get(result.rows) ?? []), column])
      if (field.dataTypeID === CHAR) field.dataTypeID = TEXT
      if (field.dataTypeID === NAME_ARRAY) field.dataTypeID = TEXT_ARRAY
    }
    return result
  }
  Object.assign(pool, { query: readable })
  return characterColumns
}

function driverError(error: pg.DatabaseError): DriverAdapterError {
  return new DriverAdapterError({
    kind: 'postgres',
    code: error.code ?? 'XX000',
    severity: error.severity ?? 'ERROR',
    message: error.message,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  })
}

// Node has it; the types of Node 24 leave it to the DOM's.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

type EngineModule = typeof import('@prisma/schema-engine-wasm')
let loading: Promise<EngineModule> | undefined

/** The package's own entry is for bundlers, which import .wasm files: here the module is compiled and bound by hand. */
function engineModule(): Promise<EngineModule> {
  loading ??= loadEngine()
  return loading
}

async function loadEngine(): Promise<EngineModule> {
  // Where the engine says why it panics; Prisma's CLI sets it.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => process.stderr.write(`${message}\n`) },
  })
  const bindings = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as EngineModule & {
    __wbg_set_wasm(exports: object): void
  }
  const file = join(
    dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')),
    'schema_engine_bg.wasm',
  )
  const { instance } = await WebAssembly.instantiate(await readFile(file), {
    './schema_engine_bg.js': withIdleTimers(bindings),
  })
  bindings.__wbg_set_wasm(instance.exports)
  ;(instance.exports['__wbindgen_start'] as () => void)()
  return bindings
}

/** The engine leaves a timer of 10 s behind each migration, which would keep the process alive that long. */
function withIdleTimers(bindings: object): object {
  const idle = (name: string, binding: (...args: unknown[]) => unknown) =>
    name.startsWith('__wbg_setTimeout') ? (...args: unknown[]) => unreferenced(binding(...args)) : binding
  return Object.fromEntries(
    Object.entries(bindings).map(([name, binding]) => [
      name,
      typeof binding === 'function' ? idle(name, binding) : binding,
    ]),
  )
}

function unreferenced(timer: unknown): unknown {
  return (timer as NodeJS.Timeout).unref()
}

async function migrationNames(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'migrations'), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

async function migrationList(folder: string): Promise<MigrationList> {
  const baseDir = join(folder, 'migrations')
  const migrationDirectories = (await migrationNames(folder)).map(async (name) => ({
    path: name,
    migrationFile: {
      path: 'migration.sql',
      content: { tag: 'ok' as const, value: await readFile(join(baseDir, name, 'migration.sql'), 'utf8') },
    },
  }))
  return {
    baseDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8').catch(() => null),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(migrationDirectories),
  }
}

async function migrationScripts(folder: string): Promise<Set<string>> {
  const names = await migrationNames(folder)
  return new Set(
    await Promise.all(names.map((name) => readFile(join(folder, 'migrations', name, 'migration.sql'), 'utf8'))),
  )
}

/** schema.prisma and models/*.prisma, paths relative to the prisma folder. */
async function schemaFiles(folder: string): Promise<SchemasContainer> {
  const models = (await readdir(join(folder, 'models')).catch(() => []))
    .filter((name) => name.endsWith('.prisma'))
    .sort()
  const paths = [join(folder, 'schema.prisma'), ...models.map((name) => join(folder, 'models', name))]
  return {
    files: await Promise.all(
      paths.map(async (path) => ({ path: relative(folder, path), content: await readFile(path, 'utf8') })),
    ),
  }
}

/** From libs/ as from dist/: the prisma folder beside castellan's package.json. */
function prismaFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'castellan')
      return join(folder, 'prisma')
  }
  throw new Error(
    `castellan's package.json is in no folder above ${import.meta.dirname}: prisma/migrations must stand beside it`,
  )
}
