import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts'
import { isAlive } from './postgres-cluster.ts'

const asRoot = process.getuid?.() === 0
const SETTINGS = { shared_buffers: '16MB' }

let parent: string
let dataDir: string
const running: EmbeddedPostgres[] = []
const children: ChildProcess[] = []

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'castellan-spec-'))
  await chmod(parent, 0o711)
  dataDir = join(parent, 'data')
})

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  for (const postgres of running.splice(0)) await postgres.stop()
  // Takes over what a killed child left, to stop it.
  if (existsSync(dataDir)) await (await startEmbeddedPostgres({ dataDir, settings: SETTINGS })).stop()
  await rm(parent, { recursive: true, force: true })
}, 180_000)

describe('a start', () => {
  test('makes an empty durable database that listens on no network', async () => {
    const postgres = await start()
    expect(postgres).toMatchObject({ role: 'owner', fresh: true })
    const rows = await query(
      postgres.ownerUrl,
      `SELECT current_database() AS database, current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
         current_setting('synchronous_commit') AS synchronous_commit, current_setting('listen_addresses') AS listen_addresses,
         (SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public') AS tables`,
    )
    expect(rows).toEqual([
      {
        database: 'castellan',
        fsync: 'on',
        full_page_writes: 'on',
        synchronous_commit: 'on',
        listen_addresses: '',
        tables: 0,
      },
    ])
  })

  test('finds the data of the last one, and is not fresh', async () => {
    const first = await start()
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    const second = await start()
    expect(second.fresh).toBe(false)
    expect(await query(second.ownerUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
  })

  test('works in a folder with a deep path and odd characters', async () => {
    dataDir = join(parent, "it's odd $HOME", ...Array.from({ length: 12 }, (_, depth) => `a-long-folder-name-${depth}`))
    const postgres = await start()
    expect(await query(postgres.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('is not hindered by what a killed initdb left', async () => {
    const unfinished = join(dataDir, 'postgres.new-killed')
    await mkdir(unfinished, { recursive: true })
    await writeFile(join(unfinished, 'PG_VERSION'), '18\n')
    expect((await start()).fresh).toBe(true)
  })

  test('is not hindered by a postmaster.pid whose number another process has got since', async () => {
    await (await start()).stop()
    await writeFile(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${join(dataDir, 'postgres')}\n1\n5432\n/nowhere\n\n\nready\n`,
    )
    expect((await start()).role).toBe('owner')
  })

  test('says why when PostgreSQL does not start', async () => {
    await (await start()).stop()
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '9\n')
    await expect(start()).rejects.toThrow(/PostgreSQL did not start in .*postgres.*not compatible/s)
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n')
  })
})

describe('a stop', () => {
  test('leaves no process and no socket', async () => {
    const postgres = await start()
    const pid = await serverPid()
    await postgres.stop()
    expect(isAlive(pid)).toBe(false)
    expect(existsSync(new URL(postgres.ownerUrl).searchParams.get('host') ?? '')).toBe(false)
  })

  test('may be called twice', async () => {
    const postgres = await start()
    await Promise.all([postgres.stop(), postgres.stop()])
    await expect(postgres.stop()).resolves.toBeUndefined()
  })
})

describe('a second process', () => {
  test('is refused with the folder and the pid of the first', async () => {
    await start()
    const { error } = await startChild()
    expect(error).toContain(`DATA_DIR ${dataDir} is in use by another castellan process (pid ${process.pid})`)
  })

  test('joins as a guest when asked to, and its stop leaves the server to the owner', async () => {
    const owner = await start()
    const guest = await startEmbeddedPostgres({ dataDir, join: true })
    expect(guest).toMatchObject({ role: 'guest', fresh: false, ownerUrl: owner.ownerUrl })
    await guest.stop()
    expect(await query(owner.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('that starts at the same moment joins the one that won', async () => {
    const both = await Promise.all([startChild('join'), startChild('join')])
    expect(both.map(({ role, error }) => error ?? role).sort()).toEqual(['guest', 'owner'])
    expect(both.filter((each) => each.fresh)).toHaveLength(1)
    expect(new Set(both.map((each) => each.ownerUrl)).size).toBe(1)
  })

  test('that starts while the first is stopping waits and owns', async () => {
    const first = await start()
    const [, second] = await Promise.all([first.stop(), start()])
    expect(second.role).toBe('owner')
    expect(await query(second.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })
})

describe('after a crash', () => {
  test('of the owner, the next start takes its server over with the data intact', async () => {
    const owner = await startChild()
    await query(owner.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer')
    const pid = await serverPid()
    await kill(owner.child)

    const lines: string[] = []
    const next = await start(lines)
    expect(next).toMatchObject({ role: 'owner', fresh: false, ownerUrl: owner.ownerUrl })
    expect(await serverPid()).toBe(pid)
    expect(lines.join()).toContain('recovered from an unclean stop')
    expect(await query(next.ownerUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
  })

  test('of the server, the owner brings it back under the same URL with the data intact', async () => {
    const lines: string[] = []
    const postgres = await start(lines)
    await query(postgres.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer')
    process.kill(await serverPid(), 'SIGKILL')
    await until(() => lines.some((line) => line.includes('is back')))
    expect(await query(postgres.ownerUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    const { error } = await startChild()
    expect(error).toContain('is in use')
  })

  test('of a backend, the owner keeps its lock', async () => {
    const lines: string[] = []
    const postgres = await start(lines)
    await query(
      postgres.ownerUrl,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'castellan owner%'",
    )
    await until(() => lines.some((line) => line.includes('is back')))
    const { error } = await startChild()
    expect(error).toContain('is in use')
  })

  test('of owner and server, the next start recovers the data', async () => {
    const owner = await startChild()
    await query(owner.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer')
    process.kill(owner.child.pid ?? 0, 'SIGSTOP')
    process.kill(await serverPid(), 'SIGKILL')
    await kill(owner.child)
    const next = await start()
    expect(await query(next.ownerUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
  })
})

// Only root hands PostgreSQL to another user; for anybody else there is nothing to test here.
;(asRoot ? describe : describe.skip)('as root', () => {
  test("a data folder that PostgreSQL's user cannot enter keeps its database elsewhere, says where, and finds it again", async () => {
    await chmod(parent, 0o700)
    const lines: string[] = []
    const first = await start(lines)
    const location = (await readFile(join(dataDir, 'LOCATION'), 'utf8')).split('\n')[0] ?? ''
    try {
      expect(location).toMatch(/^\/var\/lib\/castellan\/data-[0-9a-f]{12}$/)
      expect(lines.join()).toContain(location)
      expect(await query(first.ownerUrl, "SELECT current_setting('data_directory') AS folder")).toEqual([
        { folder: join(location, 'postgres') },
      ])
      await first.stop()
      expect(await start()).toMatchObject({ fresh: false })
    } finally {
      for (const postgres of running.splice(0)) await postgres.stop()
      await rm(location, { recursive: true, force: true })
      await rm(dataDir, { recursive: true, force: true })
    }
  })

  test('a database whose folder was closed since is not replaced by an empty one', async () => {
    await (await start()).stop()
    await chmod(parent, 0o700)
    await expect(start()).rejects.toThrow(/can no longer enter/)
    await chmod(parent, 0o711)
  })
})

async function start(lines: string[] = []): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, settings: SETTINGS, log: (line) => lines.push(line) })
  running.push(postgres)
  return postgres
}

interface Child {
  child: ChildProcess
  role?: string
  fresh?: boolean
  ownerUrl: string
  error?: string
}

/** Another process that starts on the same folder and then only lives. */
async function startChild(mode?: 'join'): Promise<Child> {
  const program = `
    const { startEmbeddedPostgres } = await import(process.argv[1])
    const [dataDir, mode] = process.argv.slice(2)
    const answer = await startEmbeddedPostgres({ dataDir, join: mode === 'join', settings: ${JSON.stringify(SETTINGS)} }).catch((error) => ({ error: error.message }))
    process.stdout.write(JSON.stringify({ role: answer.role, fresh: answer.fresh, ownerUrl: answer.ownerUrl, error: answer.error }) + '\\n')
    setInterval(() => {}, 60_000)
  `
  const module = new URL('embedded-postgres.ts', import.meta.url).href
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, module, dataDir, mode ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the other process ended before it answered')))
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string]
  ended.catch(() => undefined)
  return { child, ...(JSON.parse(line) as Omit<Child, 'child'>) }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function serverPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
}

async function until(condition: () => boolean, deadline = Date.now() + 20_000): Promise<void> {
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within the deadline: ${condition}`)
    await delay(20)
  }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
