import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestDatabase } from './postgres.ts'

/** A way to the database that can be cut, and that can fall silent without being cut. */
export class DatabaseLink {
  readonly database: TestDatabase
  readonly #folder: string
  readonly #target: string
  readonly #sockets = new Set<Socket>()
  #server: Server | null = null
  #silent = false

  private constructor(database: TestDatabase, folder: string, target: string) {
    this.database = database
    this.#folder = folder
    this.#target = target
  }

  static async to(database: TestDatabase): Promise<DatabaseLink> {
    const url = new URL(database.appUrl)
    const target = join(url.searchParams.get('host') ?? '', '.s.PGSQL.5432')
    const folder = await mkdtemp(join(tmpdir(), 'castellan-link-'))
    url.searchParams.set('host', folder)
    const link = new DatabaseLink({ ...database, appUrl: url.href }, folder, target)
    await link.mend()
    return link
  }

  async mend(): Promise<void> {
    const server = createServer((socket) => {
      const upstream = connect(this.#target)
      for (const [from, to] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        this.#sockets.add(from)
        from
          .on('error', () => to.destroy())
          .on('close', () => to.destroy())
          .on('data', (data) => this.#silent || to.write(data))
      }
    })
    this.#server = server
    await new Promise<void>((resolve) => server.listen(join(this.#folder, '.s.PGSQL.5432'), resolve))
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    this.#sockets.clear()
    await closed
  }

  /** What is sent is lost, and nobody hears of it: a connection that was open then is good for nothing any more. */
  silence(): void {
    this.#silent = true
  }

  speak(): void {
    this.#silent = false
  }

  async close(): Promise<void> {
    await this.cut()
    await rm(this.#folder, { recursive: true })
  }
}
