import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

/** Where package.json is, seen from test/ as from dist/test/. */
export const rootFolder = folderAbove(import.meta.dirname)

/** A server in a process of its own, listening. */
export class ServerProcess {
  readonly url: string
  readonly #child: ChildProcess

  constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  /** The most memory it ever had, in MB; null where the system does not say. */
  async peakMemory(): Promise<number | null> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8').catch(() => '')
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) / 1024
  }
}

/** The processes of a run; none outlives it. */
export class Processes {
  readonly #children: ChildProcess[] = []

  /**
   * Starts a built file that prints a line ending in `ready http://…`, as `npm start` does: with the flags of Node and the
   * pools of memory that we have ourselves.
   * @param file from the folder of package.json, e.g. dist/apps/api/src/main.js
   */
  async server(file: string, environment: Record<string, string>): Promise<ServerProcess> {
    const child = this.start(file, environment)
    if (!child.stdout) throw new Error(`${file} has no output`)
    for await (const line of createInterface(child.stdout)) {
      const url = /\bready (http:\S+)$/.exec(line)?.[1]
      if (url === undefined) continue
      child.stdout.resume()
      return new ServerProcess(url, child)
    }
    throw new Error(`${file} ended before it was ready`)
  }

  start(file: string, environment: Record<string, string> = {}): ChildProcess {
    const child = fork(join(rootFolder, file), [], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { PATH: process.env['PATH'], MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'], ...environment },
    })
    this.#children.push(child)
    return child
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.splice(0).map(ended))
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  const impatient = setTimeout(() => child.kill('SIGKILL'), 5000)
  child.kill('SIGTERM')
  await exit
  clearTimeout(impatient)
}

function folderAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : folderAbove(dirname(folder))
}
