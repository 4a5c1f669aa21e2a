import type { LineFailure } from './import-types.ts'
import type { Place } from './spool.ts'

export interface WaitingLine {
  readonly number: number
  readonly place: Place
  readonly key: string
  readonly failure: LineFailure
  /** Whether it is given again when everything else is stored. */
  readonly atLast: boolean
}

/** Lines that cannot be stored before another one of their type is. */
export class WaitingLines {
  readonly #named = new Map<string, WaitingLine[]>()
  #rest: WaitingLine[] = []

  add(key: string | null, line: WaitingLine): void {
    if (key === null) {
      this.#rest.push(line)
      return
    }
    const others = this.#named.get(key)
    if (others) others.push(line)
    else this.#named.set(key, [line])
  }

  /** Those that waited for lines with these keys, and behind them those that waited for these in turn. */
  release(keys: readonly string[]): readonly WaitingLine[] {
    const released: WaitingLine[] = []
    const take = (key: string): void => {
      for (const line of this.#named.get(key) ?? []) released.push(line)
      this.#named.delete(key)
    }
    for (const key of keys) take(key)
    for (const line of released) take(line.key)
    return released
  }

  /** Those that are to be tried again now that everything else is stored. */
  releaseRest(): readonly WaitingLine[] {
    const released = this.#rest
    this.#rest = []
    for (const [key, lines] of this.#named) {
      const others = lines.filter(({ atLast }) => !atLast)
      if (others.length === lines.length) continue
      for (const line of lines) if (line.atLast) released.push(line)
      if (others.length > 0) this.#named.set(key, others)
      else this.#named.delete(key)
    }
    return released
  }

  /** Those that still wait. */
  *left(): Iterable<WaitingLine> {
    for (const lines of this.#named.values()) yield* lines
    yield* this.#rest
  }
}
