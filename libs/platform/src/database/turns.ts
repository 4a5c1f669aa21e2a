import { DomainError } from '#kernel'

/**
 * Who may be at it at the same time: at most `limit` for one name, the others in the order in which they came. So one
 * tenant, whose writers wait for each other, never holds every connection of the pool.
 */
export class Turns {
  readonly #limit: number
  readonly #waitMs: number
  readonly #taken = new Map<string, number>()
  readonly #waiting = new Map<string, (() => void)[]>()

  constructor(limit: number, waitMs: number) {
    this.#limit = limit
    this.#waitMs = waitMs
  }

  /** @throws DomainError `unavailable` when the turn does not come in time */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const taken = this.#taken.get(name) ?? 0
    if (taken < this.#limit) this.#taken.set(name, taken + 1)
    else await this.#wait(name)
    try {
      return await work()
    } finally {
      this.#passOn(name)
    }
  }

  #wait(name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.#waiting.get(name) ?? []
      this.#waiting.set(name, queue)
      const start = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(start), 1)
        const message = 'Too many changes are waiting for each other just now; try again'
        reject(new DomainError('unavailable', message, undefined, { headers: { 'retry-after': '1' } }))
      }, this.#waitMs)
      queue.push(start)
    })
  }

  /** The turn goes to the next in line as it is, or back. */
  #passOn(name: string): void {
    const next = this.#waiting.get(name)?.shift()
    if (next) return next()
    this.#waiting.delete(name)
    const taken = (this.#taken.get(name) ?? 1) - 1
    if (taken === 0) this.#taken.delete(name)
    else this.#taken.set(name, taken)
  }
}
