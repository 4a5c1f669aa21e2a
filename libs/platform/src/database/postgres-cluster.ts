import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync, realpathSync } from 'node:fs'
import {
  access,
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { canEnter, type Account } from './postgres-account.ts'
import { SYSTEM_FOLDER } from './postgres-binaries.ts'

/** A PostgreSQL data directory and what it takes to run it. */
export interface Cluster {
  /** PostgreSQL's own data directory */
  readonly folder: string
  readonly logFile: string
  readonly binaries: string
  readonly account: Account | undefined
  readonly settings: Readonly<Record<string, string>>
}

/** A running server, as its postmaster.pid tells it. */
export interface RunningServer {
  readonly pid: number
  readonly socketFolder: string
}

const SETTINGS = {
  listen_addresses: '',
  port: '5432',
  max_connections: '100',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
}

const SOCKET_FOLDER_PREFIX = 'castellan-pg-'
const SOCKET_FOLDER_LENGTH_MAX = 80
const LOG_BYTES_MAX = 10_000_000
const SHUTDOWN_SECONDS = 60
const START_SECONDS = 120

/** The folder that holds `postgres/` and `postgres.log`: dataDir, or a folder in /var/lib/castellan when PostgreSQL's user cannot enter dataDir. */
export async function clusterHome(
  dataDir: string,
  account: Account | undefined,
  log: (line: string) => void,
): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: account ? 0o711 : 0o700 })
  if (!account) return dataDir

  const elsewhere = join(SYSTEM_FOLDER, `data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`)
  const note = join(dataDir, 'LOCATION')
  const noted = (await readFile(note, 'utf8').catch(() => '')).split('\n')[0]
  if (noted && noted !== elsewhere) {
    throw new Error(
      `${note} names ${noted}, the database of another folder (was this one copied or moved?): delete the file to start empty, after "mv ${noted} ${elsewhere}" to take that database along`,
    )
  }
  if (!noted && (await enterableAfterMaking(join(dataDir, 'postgres'), account))) return dataDir
  if (!noted && (await exists(join(dataDir, 'postgres', 'PG_VERSION')))) {
    throw new Error(
      `${dataDir} holds a database that PostgreSQL's user (uid ${account.uid}) can no longer enter: open the folders above it with chmod o+x, or move it`,
    )
  }

  await mkdir(elsewhere, { recursive: true })
  await chmod(SYSTEM_FOLDER, 0o755)
  await chmod(elsewhere, 0o711)
  if (!(await enterableAfterMaking(join(elsewhere, 'postgres'), account))) {
    throw new Error(
      `PostgreSQL's user (uid ${account.uid}) can enter neither ${dataDir} nor ${elsewhere}: set DATA_DIR to a folder it can enter, or set DATABASE_URL`,
    )
  }
  if (!noted) {
    await writeFile(
      note,
      `${elsewhere}\nThe database is kept there because PostgreSQL does not run as root and its user cannot enter this folder.\n`,
    )
    log(`PostgreSQL's user cannot enter ${dataDir}: the database is kept in ${elsewhere}`)
  }
  return elsewhere
}

/** Makes the data directory when there is none yet. It appears whole, by rename; of two processes at once, one wins and both go on. */
export async function initialise(cluster: Cluster): Promise<void> {
  const initialised = await access(join(cluster.folder, 'PG_VERSION')).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw new Error(
        `the database in ${cluster.folder} belongs to another user (${error.code}): start castellan as that user, or set DATA_DIR to another folder`,
      )
    },
  )
  if (initialised) return
  const unfinished = await mkdtemp(`${cluster.folder}.new-`)
  try {
    await own(unfinished, cluster.account)
    const options = [
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--username=postgres',
    ]
    if (cluster.settings['fsync'] === 'off') options.push('--no-sync')
    const { status, output } = await run(cluster, 'initdb', ['-D', unfinished, ...options])
    if (status !== 0) throw new Error(`initdb failed in ${cluster.folder}: ${lastLines(output)}`)
    await rename(unfinished, cluster.folder)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** The server that runs on this data directory, if any. A postmaster.pid that names a dead or a foreign process counts as none. */
export async function runningServer(cluster: Cluster): Promise<RunningServer | undefined> {
  const written = await pidFile(cluster)
  return written && isPostgres(written.pid, cluster.folder) ? written : undefined
}

/**
 * Starts the server as a daemon that outlives us and waits until it answers.
 * socketFolder: a folder to use again, so that URLs stay valid over a restart.
 * When another process starts it at the same time, that server is the answer.
 */
export async function startServer(
  cluster: Cluster,
  log: (line: string) => void,
  socketFolder?: string,
): Promise<RunningServer> {
  await clearAfterCrash(cluster, log, socketFolder)
  const folder = await madeSocketFolder(cluster, socketFolder)
  const settings = { ...SETTINGS, ...cluster.settings, unix_socket_directories: folder }
  const options = Object.entries(settings).map(([name, value]) => `-c ${shellQuoted(`${name}=${value}`)}`)

  const deadline = Date.now() + START_SECONDS * 1000
  for (;;) {
    const logFile = await openedLogFile(cluster)
    const logged = (await logFile.stat()).size
    const { status } = await run(
      cluster,
      'pg_ctl',
      ['start', '-s', '-w', '-t', String(START_SECONDS), '-o', options.join(' ')],
      logFile.fd,
    )
    await logFile.close()
    const server = await readyServer(cluster, deadline)
    if (server) {
      if (server.socketFolder !== folder) await rm(folder, { recursive: true, force: true })
      return server
    }
    const reason = (await readFile(cluster.logFile, 'utf8')).slice(logged)
    // The backends of a killed server hold its shared memory until they notice; they do within seconds.
    if (/pre-existing shared memory|lock file .* already exists/.test(reason) && Date.now() < deadline) {
      await delay(200)
      continue
    }
    await rm(folder, { recursive: true, force: true })
    throw new Error(
      `PostgreSQL did not start in ${cluster.folder} (pg_ctl status ${status}, log ${cluster.logFile}): ${lastLines(reason)}`,
    )
  }
}

/**
 * Fast shutdown, awaited; no error when no server runs.
 * By the process id, not by pg_ctl: that waits for postmaster.pid to go, and the next owner may have written its own by then.
 */
export async function stopServer(cluster: Cluster): Promise<void> {
  const server = await runningServer(cluster)
  if (!server) return
  process.kill(server.pid, 'SIGINT')
  const deadline = Date.now() + SHUTDOWN_SECONDS * 1000
  while (isPostgres(server.pid, cluster.folder)) {
    if (Date.now() > deadline)
      throw new Error(
        `PostgreSQL (pid ${server.pid}) did not stop within ${SHUTDOWN_SECONDS} s: see ${cluster.logFile}`,
      )
    await delay(10)
  }
  await removeSocketFolder(server.socketFolder)
}

/** Waits out a server that is still starting. */
async function readyServer(cluster: Cluster, deadline: number): Promise<RunningServer | undefined> {
  for (;;) {
    const server = await runningServer(cluster)
    if (!server) return undefined
    const status = (await readFile(join(cluster.folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[7]
    if (status?.trim() === 'ready') return server
    if (Date.now() > deadline) return undefined
    await delay(50)
  }
}

async function pidFile(cluster: Cluster): Promise<RunningServer | undefined> {
  const lines = (await readFile(join(cluster.folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  return pid > 0 ? { pid, socketFolder: lines[4] ?? '' } : undefined
}

/** A process that runs; one that ended and was not yet collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0] !== 'Z'
  } catch {
    return process.platform !== 'linux'
  }
}

/** Process ids are used again, in containers soon: the process must be one that lives in this very folder, as PostgreSQL does. */
function isPostgres(pid: number, folder: string): boolean {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder)
  } catch {
    return isAlive(pid)
  }
}

async function clearAfterCrash(cluster: Cluster, log: (line: string) => void, keep: string | undefined): Promise<void> {
  const written = await pidFile(cluster)
  if (!written || isPostgres(written.pid, cluster.folder)) return
  log(`PostgreSQL was not stopped cleanly (pid ${written.pid} is gone): it recovers from its log`)
  if (written.socketFolder !== keep) await removeSocketFolder(written.socketFolder)
  // PostgreSQL removes a stale file itself, but not when another process of the same user has got the number since.
  if ((await pidFile(cluster))?.pid === written.pid) await rm(join(cluster.folder, 'postmaster.pid'), { force: true })
}

async function madeSocketFolder(cluster: Cluster, again: string | undefined): Promise<string> {
  if (again) {
    await mkdir(again, { recursive: true, mode: 0o700 })
    await own(again, cluster.account)
    return again
  }
  for (const base of [tmpdir(), '/tmp']) {
    const folder = await mkdtemp(join(base, SOCKET_FOLDER_PREFIX))
    await own(folder, cluster.account)
    if (Buffer.byteLength(folder) <= SOCKET_FOLDER_LENGTH_MAX && canEnter(folder, cluster.account)) return folder
    await rm(folder, { recursive: true })
  }
  throw new Error(
    `PostgreSQL's user can enter neither ${tmpdir()} nor /tmp for its socket: set TMPDIR to a folder it can enter, with a short path`,
  )
}

async function removeSocketFolder(folder: string): Promise<void> {
  if (basename(folder).startsWith(SOCKET_FOLDER_PREFIX)) await rm(folder, { recursive: true, force: true })
}

async function openedLogFile(cluster: Cluster): Promise<FileHandle> {
  const size = await stat(cluster.logFile).then(
    (file) => file.size,
    () => 0,
  )
  if (size > LOG_BYTES_MAX) await rename(cluster.logFile, `${cluster.logFile}.1`)
  return open(cluster.logFile, 'a', 0o600)
}

/** Tries the real thing: makes the folder's neighbour as root would, then enters it as PostgreSQL's user. */
async function enterableAfterMaking(folder: string, account: Account): Promise<boolean> {
  if (await exists(folder)) return canEnter(folder, account)
  const trial = await mkdtemp(`${folder}.new-`)
  await own(trial, account)
  const entered = canEnter(trial, account)
  await rm(trial, { recursive: true })
  return entered
}

async function own(path: string, account: Account | undefined, mode = 0o700): Promise<void> {
  await chmod(path, mode)
  if (account) await chown(path, account.uid, account.gid)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/**
 * In its own session, so that Ctrl-C in a terminal does not reach it; with no PG* variables but PGDATA.
 * (pg_ctl would write -D and -l into a shell command, where a $ in a path is expanded.)
 * output: a file that the started server keeps writing to; without it, what the program says is returned.
 */
async function run(
  cluster: Cluster,
  program: string,
  args: string[],
  output?: number,
): Promise<{ status: number | null; output: string }> {
  const child = spawn(join(cluster.binaries, 'bin', program), args, {
    ...cluster.account,
    cwd: '/',
    detached: true,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', PGDATA: cluster.folder },
    stdio: ['ignore', output ?? 'pipe', output ?? 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`cannot run ${program} in ${cluster.binaries}: ${error.message}`)))
    child.on('close', (status) => resolve({ status, output: said }))
  })
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-4).join(' | ')
}
