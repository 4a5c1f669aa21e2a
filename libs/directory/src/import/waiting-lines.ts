import type { LineFailure } from './import-types.ts'
import type { Place } from './spool.ts'

export interface WaitingLine {
  readonly number: number
  readonly place: Place
  readonly key: string
  readonly failure: LineFailure
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

  /** Those that waited for everything else. */
  releaseRest(): readonly WaitingLine[] {
    const lines = this.#rest
    this.#rest = []
    return lines
  }

  /** Those that still wait. */
  *left(): Iterable<WaitingLine> {
    for (const lines of this.#named.values()) yield* lines
    yield* this.#rest
  }
}
