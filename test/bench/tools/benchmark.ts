import type { BenchDatabase } from './database.ts'
import type { Processes } from './processes.ts'

/** How long a benchmark measures. */
export interface Effort {
  readonly rounds: number
  readonly seconds: number
  /** Rounds before those that count. */
  readonly warmUpRounds: number
}

export interface Bench {
  readonly database: BenchDatabase
  readonly processes: Processes
  readonly effort: Effort
  say(line: string): void
}

/** One file in test/bench, one line in main.ts. */
export interface Benchmark {
  readonly name: string
  readonly title: string
  run(bench: Bench): Promise<Section>
}

/** What a benchmark found: a table, what it promises, and what one must know to read it. */
export interface Section {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly targets: readonly Target[]
  readonly notes: readonly string[]
}

export interface Target {
  readonly text: string
  readonly found: string
  readonly met: boolean
}
