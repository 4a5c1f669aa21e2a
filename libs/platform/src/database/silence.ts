import pg from 'pg'

/** What of a client tells whether the database owes it an answer, and whether it has heard anything of it. */
interface Line {
  readonly readyForQuery: boolean
  readonly connection: { readonly stream: { readonly bytesRead: number } }
  end(): Promise<void>
}

interface Heard {
  bytes: number
  at: number
}

export interface SilenceOptions {
  readonly url: string
  /** After so many milliseconds without a word on a connection that waits for an answer, the database is asked whether it is there. */
  readonly suspiciousMs: number
  /** For how long a client waits at most, however well the database answers others, in milliseconds. */
  readonly patience: (client: pg.ClientBase) => number
}

/**
 * Closes the connections on which nothing is to be expected any more: a database that is stopped, or whose network swallows
 * everything, closes none by itself, and who waits would wait for ever. Whoever waited has an error then, as of a connection that broke.
 * A statement that takes long is waited for, since the database answers others meanwhile.
 *
 * All connections are looked at from time to time, for a timer for each statement costs a third of the speed of lists (docs/adr/0035).
 */
export class SilenceWatch {
  readonly #options: SilenceOptions
  readonly #lines = new Map<pg.ClientBase, Heard>()
  readonly #timer: NodeJS.Timeout
  #asking = false

  constructor(options: SilenceOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#look(), options.suspiciousMs / 4)
    this.#timer.unref()
  }

  /** From the moment it is connected until it ends. */
  add(client: pg.ClientBase): void {
    this.#lines.set(client, { bytes: 0, at: performance.now() })
    client.once('end', () => this.#lines.delete(client))
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const { suspiciousMs, patience } = this.#options
    const silent = [...this.#lines.keys()].filter((client) => this.#silence(client) >= suspiciousMs)
    for (const client of silent) if (this.#silence(client) >= patience(client)) giveUp(client)
    if (silent.length > 0 && !this.#asking) void this.#ask(silent)
  }

  /** For how long it has waited without hearing anything, in milliseconds. */
  #silence(client: pg.ClientBase): number {
    const heard = this.#lines.get(client)
    const { readyForQuery, connection } = lineOf(client)
    if (!heard) return 0
    const { bytesRead } = connection.stream
    const now = performance.now()
    if (readyForQuery || bytesRead !== heard.bytes) {
      heard.bytes = bytesRead
      heard.at = now
    }
    return now - heard.at
  }

  async #ask(silent: readonly pg.ClientBase[]): Promise<void> {
    this.#asking = true
    const answers = await this.#isThere()
    this.#asking = false
    if (!answers) for (const client of silent) if (this.#silence(client) >= this.#options.suspiciousMs) giveUp(client)
  }

  async #isThere(): Promise<boolean> {
    const { url: connectionString, suspiciousMs } = this.#options
    const connectionTimeoutMillis = Math.max(suspiciousMs, 1000)
    const client = new pg.Client({ connectionString, connectionTimeoutMillis, query_timeout: connectionTimeoutMillis })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('select')
      return true
    } catch (error) {
      // A database that refuses, for want of connections say, is there.
      return error instanceof pg.DatabaseError
    } finally {
      void client.end().catch(() => undefined)
    }
  }
}

function giveUp(client: pg.ClientBase): void {
  void lineOf(client).end()
}

/** The types of the driver do not tell all of it. */
function lineOf(client: pg.ClientBase): Line {
  return client as unknown as Line
}
