interface Waiting {
  readonly since: number
  readonly start: (error?: Error) => void
}

/**
 * So many at once. The others wait, each for a limited time: those of one name in the order in which they came, and one of each
 * name in turn, so that many of one tenant do not hold up another.
 *
 * All who wait are looked at from time to time: with a timer for each, what belongs to a request grows old (docs/adr/0035).
 */
export class Semaphore {
  readonly #waitMs: number
  readonly #timer: NodeJS.Timeout
  /** By name; the name whose turn it is comes first. None is empty. */
  readonly #waiting = new Map<string, Waiting[]>()
  #free: number

  constructor(permits: number, waitMs: number) {
    this.#free = permits
    this.#waitMs = waitMs
    this.#timer = setInterval(() => this.#giveUp(), waitMs / 10)
    this.#timer.unref()
  }

  /** Calls `start` once there is a permit, which may be at once; with an error, and none, when that takes longer than allowed. */
  acquire(name: string, start: (error?: Error) => void): void {
    if (this.#free > 0) {
      this.#free--
      return start()
    }
    const waiting = { since: performance.now(), start }
    const queue = this.#waiting.get(name)
    if (queue) queue.push(waiting)
    else this.#waiting.set(name, [waiting])
  }

  /** A permit goes to whose turn it is, or back. */
  release(): void {
    const [turn] = this.#waiting
    if (!turn) return void this.#free++
    const [name, queue] = turn
    const next = queue.shift()
    const isLast = queue.length === 0
    if (isLast || this.#waiting.size > 1) this.#waiting.delete(name)
    if (!isLast) this.#waiting.set(name, queue)
    next?.start()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #giveUp(): void {
    const latest = performance.now() - this.#waitMs
    for (const [name, queue] of this.#waiting) {
      const late = queue.findIndex(({ since }) => since > latest)
      const refused = queue.splice(0, late === -1 ? queue.length : late)
      if (queue.length === 0) this.#waiting.delete(name)
      for (const { start } of refused) start(new Error('timeout exceeded when waiting for a connection'))
    }
  }
}
