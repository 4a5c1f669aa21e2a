interface Waiting {
  readonly since: number
  readonly start: (error?: Error) => void
}

/**
 * So many at once, the others in the order in which they came, each for a limited time.
 *
 * All who wait are looked at from time to time: with a timer for each, what belongs to a request grows old (docs/adr/0035).
 */
export class Semaphore {
  readonly #waitMs: number
  readonly #timer: NodeJS.Timeout
  readonly #waiting: Waiting[] = []
  #free: number

  constructor(permits: number, waitMs: number) {
    this.#free = permits
    this.#waitMs = waitMs
    this.#timer = setInterval(() => this.#giveUp(), waitMs / 10)
    this.#timer.unref()
  }

  /** Calls `start` once there is a permit, which may be at once; with an error, and none, when that takes longer than allowed. */
  acquire(start: (error?: Error) => void): void {
    if (this.#free === 0) return void this.#waiting.push({ since: performance.now(), start })
    this.#free--
    start()
  }

  /** A permit goes to who has waited longest, or back. */
  release(): void {
    const next = this.#waiting.shift()
    if (next) next.start()
    else this.#free++
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #giveUp(): void {
    const latest = performance.now() - this.#waitMs
    while (this.#waiting[0] && this.#waiting[0].since <= latest) {
      this.#waiting.shift()?.start(new Error('timeout exceeded when waiting for a connection'))
    }
  }
}
