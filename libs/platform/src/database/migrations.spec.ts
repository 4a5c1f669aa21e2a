import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { testDatabase } from '../../../../test/support/postgres.ts'
import { migrate, migrationScript, pendingMigrations } from './migrations.ts'

const HEADER =
  'generator client {\n  provider = "prisma-client"\n  output = "../generated"\n}\n\ndatasource db {\n  provider = "postgresql"\n}\n'
const MODEL =
  'model Person {\n  tenantId String @db.Uuid\n  id String @db.Uuid\n  name String\n\n  @@id([tenantId, id])\n}\n'
const TABLE =
  'CREATE TABLE "Person" ("tenantId" UUID NOT NULL, "id" UUID NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "Person_pkey" PRIMARY KEY ("tenantId", "id"));\n'

let folder: string
let url: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'castellan-prisma-'))
  await mkdir(join(folder, 'models'))
  await writeFile(join(folder, 'schema.prisma'), HEADER)
  await writeFile(join(folder, 'models', 'person.prisma'), MODEL)
  await mkdir(join(folder, 'migrations'))
  await writeFile(join(folder, 'rls.sql'), '-- no template\n')
  await writeFile(join(folder, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n')
  url = await emptyDatabase()
})

afterEach(async () => rm(folder, { recursive: true, force: true }))

describe('migrate', () => {
  test('applies each migration once and in order, and names those applied now', async () => {
    await migration('20260101000000_first', TABLE)
    await migration('20260102000000_second', 'ALTER TABLE "Person" ADD COLUMN nick text;\n')
    expect(await pendingMigrations(url, folder)).toEqual(['20260101000000_first', '20260102000000_second'])
    const lines: string[] = []
    expect(await migrate({ url, folder, log: (line) => lines.push(line) })).toEqual([
      '20260101000000_first',
      '20260102000000_second',
    ])
    expect(lines).toHaveLength(2)
    expect(await migrate({ url, folder })).toEqual([])
    expect(await pendingMigrations(url, folder)).toEqual([])
  })

  test('is safe in several processes at once: each migration is applied by one of them', async () => {
    await migration('20260101000000_first', TABLE)
    await migration('20260102000000_slow', 'SELECT pg_sleep(0.2);\nALTER TABLE "Person" ADD COLUMN nick text;\n')
    const applied = await Promise.all([1, 2, 3].map(() => migrate({ url, folder })))
    expect(applied.flat().sort()).toEqual(['20260101000000_first', '20260102000000_slow'])
  })

  test('leaves function bodies, literals and comments with semicolons as they are', async () => {
    await migration(
      '20260101000000_functions',
      `${TABLE}
-- a comment; with semicolons; and an unpaired ' quote
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $body$
DECLARE result int; -- here; too
BEGIN
  result := n * 2;
  RETURN result;
END;
$body$;
DO $$ BEGIN INSERT INTO "Person" VALUES (gen_random_uuid(), gen_random_uuid(), 'a; b'); END $$;
ALTER TABLE "Person" ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON "Person" USING (name = nullif(current_setting('app.name', true), ''));
-- the last line is a comment`,
    )
    await migrate({ url, folder })
    expect(await query('SELECT twice(21) AS answer, (SELECT name FROM "Person") AS name')).toEqual([
      { answer: 42, name: 'a; b' },
    ])
  })

  test('applies a failing migration not at all, says why, and tries it again when it is mended', async () => {
    await migration('20260101000000_first', `${TABLE}SELECT no_such_function();\n`)
    await expect(migrate({ url, folder })).rejects.toThrow(/20260101000000_first[\s\S]*no_such_function/)
    expect(await query(`SELECT to_regclass('"Person"') AS found`)).toEqual([{ found: null }])
    await migration('20260101000000_first', TABLE)
    expect(await migrate({ url, folder })).toEqual(['20260101000000_first'])
  })

  test('notes a migration as finished in its own transaction, so that a kill in between repeats nothing', async () => {
    await migration('20260101000000_first', TABLE)
    await migrate({ url, folder })
    const [row] = (await query(
      `SELECT c.xmin::text = (SELECT xmin::text FROM pg_class WHERE relname = 'Person') AS same FROM pg_class c WHERE relname = 'Person_pkey'`,
    )) as { same: boolean }[]
    expect(row?.same).toBe(true)
    expect(
      await query('SELECT migration_name, finished_at IS NOT NULL AS finished, rolled_back_at FROM _prisma_migrations'),
    ).toEqual([{ migration_name: '20260101000000_first', finished: true, rolled_back_at: null }])
  })
})

describe('comparing with the schema', () => {
  test('the script from an empty database makes the schema', async () => {
    const script = await migrationScript(url, folder)
    expect(script).toContain('CREATE TABLE "Person"')
    await migration('20260101000000_first', script)
    await migrate({ url, folder })
    expect(await migrationScript(url, folder)).toBe('')
  })

  test('a difference is the SQL that would remove it', async () => {
    await migration('20260101000000_first', TABLE)
    await migrate({ url, folder })
    await writeFile(
      join(folder, 'models', 'person.prisma'),
      MODEL.replace('name String', 'name String\n  nick String?'),
    )
    expect(await migrationScript(url, folder)).toContain('ADD COLUMN     "nick" TEXT')
  })

  test("castellan's own migrations make castellan's own schema", async () => {
    const { ownerUrl } = await testDatabase()
    expect(await pendingMigrations(ownerUrl)).toEqual([])
    expect(await migrationScript(ownerUrl)).toBe('')
  })
})

async function migration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, 'migrations', name), { recursive: true })
  await writeFile(join(folder, 'migrations', name, 'migration.sql'), sql)
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Unmigrated, on the run's server. */
async function emptyDatabase(): Promise<string> {
  const { ownerUrl, name } = await testDatabase()
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}_empty TEMPLATE template0`)
  await client.end()
  return ownerUrl.replace(`/${name}`, `/${name}_empty`)
}
