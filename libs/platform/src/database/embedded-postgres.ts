import { access, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { serverAccount, type Account } from './postgres-account.ts'
import { postgresBinaries } from './postgres-binaries.ts'
import {
  clusterHome,
  initialise,
  isAlive,
  runningServer,
  startServer,
  stopServer,
  type Cluster,
  type RunningServer,
} from './postgres-cluster.ts'

export interface EmbeddedPostgres {
  /** connection URL of the superuser to database "castellan", over a Unix socket in a folder only we can enter */
  readonly ownerUrl: string
  /** the same as role castellan_app; migrations make the role, the caller makes it LOGIN */
  readonly appUrl: string
  /** true when this call made the database: it is empty */
  readonly fresh: boolean
  /** 'owner': the data directory is ours; 'guest': joined the server of another castellan process */
  readonly role: 'owner' | 'guest'
  /** connection URL to another database of this server, as another role (superuser by default) */
  urlFor(database: string, role?: string): string
  /** owner: fast shutdown, awaited; guest: nothing is stopped. May be called twice. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** holds postgres/ and postgres.log; made when missing */
  readonly dataDir: string
  /** go on as a guest when another castellan process owns the data directory, instead of an error */
  readonly join?: boolean
  readonly log?: (line: string) => void
  /** PostgreSQL settings over the defaults, by name; effective when this call starts the server */
  readonly settings?: Readonly<Record<string, string>>
}

const DATABASE = 'castellan'
const OWNER_LOCK = 7_236_517_001
const OWNER_NAME = 'castellan owner, pid '
const LOCK_PATIENCE_MS = 2000
const RESTART_PAUSE_MS = 1000
const SOCKET_PATIENCE_MS = 15_000
const SHUTDOWN_PATIENCE_MS = 5000
const RECOVERY_PATIENCE_MS = 120_000
/** It starts, recovers or stops; its owner has not made the database yet. */
const UNDER_WAY = new Set(['57P03', '3D000'])

/**
 * Starts PostgreSQL on a data directory for this process alone, or takes over the server that a killed castellan left running.
 * PostgreSQL is a daemon known by its postmaster.pid; who owns it is a session advisory lock, which frees itself when its holder dies.
 * Errors are one line: directory in use, no binaries for the platform, unreachable folders, PostgreSQL's own reason.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined)
  const dataDir = resolve(options.dataDir)
  const cluster = await clusterFor(dataDir, options.settings ?? {}, log)

  await initialise(cluster)
  for (;;) {
    const left = await runningServer(cluster)
    const server = left ?? (await startServer(cluster, log))
    const claim = await claimOwnership(server).catch(async (error: unknown) => {
      // The server we met was just being stopped by its owner: start again.
      if (await isGone(server)) return undefined
      throw error
    })
    if (!claim) continue
    if (claim.keeper) {
      const fresh = await madeDatabase(claim.keeper)
      if (left)
        log(`recovered from an unclean stop: PostgreSQL (pid ${left.pid}) was still running in ${cluster.folder}`)
      return new OwnedPostgres(cluster, server, fresh, claim.keeper, log)
    }
    if (!options.join) {
      throw new Error(
        `DATA_DIR ${dataDir} is in use by another castellan process (${claim.holder}): stop that process, or set DATA_DIR to another folder`,
      )
    }
    return new JoinedPostgres(await withDatabase(server))
  }
}

async function isGone(server: RunningServer): Promise<boolean> {
  const deadline = Date.now() + SHUTDOWN_PATIENCE_MS
  while (isAlive(server.pid) && Date.now() < deadline) await delay(25)
  return !isAlive(server.pid)
}

async function clusterFor(
  dataDir: string,
  settings: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Cluster> {
  const chosen = serverAccount()
  const home = await clusterHome(dataDir, chosen, log)
  const folder = join(home, 'postgres')
  const account = chosen && ((await clusterOwner(folder)) ?? chosen)
  const binaries = await postgresBinaries(account, log)
  return { folder, logFile: join(home, 'postgres.log'), binaries, account, settings }
}

/** As root, an existing data directory runs as the user it belongs to: PostgreSQL accepts no other. */
async function clusterOwner(folder: string): Promise<Account | undefined> {
  if (
    !(await access(join(folder, 'PG_VERSION')).then(
      () => true,
      () => false,
    ))
  )
    return undefined
  const { uid, gid } = await stat(folder)
  return uid === 0 ? undefined : { uid, gid }
}

/** True when the database was missing and this call made it. Only the owner makes it. */
async function madeDatabase(keeper: pg.Client): Promise<boolean> {
  const { rowCount } = await keeper.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
  if (rowCount) return false
  await keeper.query(`CREATE DATABASE ${DATABASE}`)
  return true
}

/** A guest that comes while the owner is still at its first start waits for the database. */
async function withDatabase(server: RunningServer): Promise<RunningServer> {
  const client = await connected(server, DATABASE, 'castellan guest')
  await client.end()
  return server
}

/** A connection that holds the lock, or who else does. The lock of a process killed just now is waited for. */
async function claimOwnership(
  server: RunningServer,
): Promise<{ keeper: pg.Client; holder?: never } | { keeper?: never; holder: string }> {
  const client = await connected(server, 'postgres', `${OWNER_NAME}${process.pid}`)
  const deadline = Date.now() + LOCK_PATIENCE_MS
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [OWNER_LOCK])
    if (rows[0]?.mine) return { keeper: client }
    const holder = await lockHolder(client)
    if ((holder !== undefined && isAlive(holder)) || Date.now() > deadline) {
      await client.end()
      return { holder: holder ? `pid ${holder}` : 'pid unknown' }
    }
    await delay(25)
  }
}

async function lockHolder(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND (classid::int8 << 32) + objid::int8 = $1`,
    [OWNER_LOCK],
  )
  const name = rows[0]?.name
  return name?.startsWith(OWNER_NAME) ? Number(name.slice(OWNER_NAME.length)) : undefined
}

class JoinedPostgres implements EmbeddedPostgres {
  readonly role: 'owner' | 'guest' = 'guest'
  readonly fresh: boolean = false
  readonly ownerUrl: string
  readonly appUrl: string
  protected readonly server: RunningServer

  constructor(server: RunningServer) {
    this.server = server
    this.ownerUrl = this.urlFor(DATABASE)
    this.appUrl = this.urlFor(DATABASE, 'castellan_app')
  }

  urlFor(database: string, role = 'postgres'): string {
    return socketUrl(this.server.socketFolder, database, role)
  }

  async stop(): Promise<void> {}
}

/** Keeps the owner's lock on one connection and, when that connection breaks, brings server and lock back under the same URLs. */
class OwnedPostgres extends JoinedPostgres {
  override readonly role = 'owner'
  override readonly fresh: boolean
  readonly #cluster: Cluster
  readonly #log: (line: string) => void
  #stopped: Promise<void> | undefined
  #recovery: Promise<void> = Promise.resolve()

  constructor(cluster: Cluster, server: RunningServer, fresh: boolean, keeper: pg.Client, log: (line: string) => void) {
    super(server)
    this.#cluster = cluster
    this.fresh = fresh
    this.#log = log
    this.#keep(keeper)
  }

  override stop(): Promise<void> {
    // The keeper stays connected until the server ends it: nobody else can take the lock in between.
    this.#stopped ??= this.#recovery.then(() => stopServer(this.#cluster))
    return this.#stopped
  }

  #keep(keeper: pg.Client): void {
    keeper.once('end', () => {
      if (!this.#stopped) this.#recovery = this.#recover()
    })
  }

  async #recover(): Promise<void> {
    while (!this.#stopped) {
      try {
        const running = await runningServer(this.#cluster)
        if (!running) this.#log(`PostgreSQL (pid ${this.server.pid}) died: starting it again`)
        const server = running ?? (await startServer(this.#cluster, this.#log, this.server.socketFolder))
        if (server.socketFolder !== this.server.socketFolder)
          throw new Error(`another castellan process started it (pid ${server.pid})`)
        const { keeper, holder } = await claimOwnership(server)
        if (!keeper) throw new Error(`another castellan process took it (${holder})`)
        this.#log(`PostgreSQL (pid ${server.pid}) is back`)
        return this.#keep(keeper)
      } catch (error) {
        this.#log(
          `PostgreSQL in ${this.#cluster.folder} is not back yet: ${error instanceof Error ? error.message : String(error)}`,
        )
        await delay(RESTART_PAUSE_MS)
      }
    }
  }
}

/** A server that starts, recovers or stops, and a database not made yet, are waited for. */
async function connected(server: RunningServer, database: string, name: string): Promise<pg.Client> {
  const started = Date.now()
  for (;;) {
    const client = new pg.Client({
      connectionString: socketUrl(server.socketFolder, database, 'postgres'),
      application_name: name,
    })
    // An idle client whose server dies emits 'error' before 'end'; unheard, it would end the process.
    client.on('error', () => undefined)
    try {
      await client.connect()
      return client
    } catch (error) {
      const { code, message } = error as Error & { code?: string }
      const patience = UNDER_WAY.has(code ?? '') ? RECOVERY_PATIENCE_MS : SOCKET_PATIENCE_MS
      if (!isAlive(server.pid) || Date.now() - started > patience) {
        throw new Error(
          `PostgreSQL (pid ${server.pid}) runs but does not answer in ${server.socketFolder} (${message}): stop it with "kill -INT ${server.pid}" and start again`,
          { cause: error },
        )
      }
      await delay(50)
    }
  }
}

function socketUrl(socketFolder: string, database: string, role: string): string {
  return `postgresql://${encodeURIComponent(role)}@localhost/${encodeURIComponent(database)}?host=${encodeURIComponent(socketFolder)}`
}
