import type { ChildProcess } from 'node:child_process'
import type { Processes } from './processes.ts'

export interface Load {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
}

export interface LoadResult {
  readonly perSecond: number
  /** milliseconds */
  readonly p50: number
  readonly p99: number
}

/** One process that loads one server at a time. */
export class LoadGenerator {
  readonly #child: ChildProcess

  constructor(processes: Processes) {
    this.#child = processes.start('dist/test/bench/tools/load.js')
  }

  run(load: Load): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (answer: { result?: LoadResult; error?: string }) => {
        if (answer.result) resolve(answer.result)
        else reject(new Error(`${load.url}: ${answer.error}`))
      })
      this.#child.send(load)
    })
  }
}
