import { Injectable } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { DomainError } from '#kernel'
import { Config } from '../config/config.ts'

const failuresPerMinute = 3000
const minute = 60_000

/** Requests a minute for each credential, and refused credentials a minute for each address; counted in this process. */
@Injectable()
export class RateLimit {
  readonly #limit: number
  readonly #requests = new Counts()
  readonly #failures = new Counts()

  constructor(config: Config) {
    this.#limit = config.rateLimit
  }

  /** @throws DomainError `rate_limited` with Retry-After, in seconds */
  spend(credential: string, reply: FastifyReply): void {
    const spent = this.#requests.add(credential)
    const reset = this.#requests.secondsLeft()
    void reply.headers({
      'ratelimit-limit': String(this.#limit),
      'ratelimit-remaining': String(Math.max(0, this.#limit - spent)),
      'ratelimit-reset': String(reset),
    })
    if (spent > this.#limit) throw tooMany(reset, `This credential may send ${this.#limit} requests a minute`)
  }

  /**
   * An address that sent 3,000 refused credentials in a minute is refused unheard until the minute is over, with good
   * credentials too: to tell them apart would take the very look-up that is to be spared. Other addresses do not notice.
   */
  async guardFailures<T>(address: string, authenticate: () => Promise<T>): Promise<T> {
    if (this.#failures.of(address) >= failuresPerMinute) {
      throw tooMany(this.#failures.secondsLeft(), 'Too many refused credentials from this address')
    }
    try {
      return await authenticate()
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unauthenticated') this.#failures.add(address)
      throw error
    }
  }
}

/** What was counted in the minute that runs; the minute is the same for every key, so nothing has to be cleaned up. */
class Counts {
  #counts = new Map<string, number>()
  #end = 0

  add(key: string): number {
    const count = this.of(key) + 1
    this.#counts.set(key, count)
    return count
  }

  of(key: string): number {
    const now = performance.now()
    if (now >= this.#end) {
      this.#counts = new Map()
      this.#end = now + minute
    }
    return this.#counts.get(key) ?? 0
  }

  secondsLeft(): number {
    return Math.max(1, Math.ceil((this.#end - performance.now()) / 1000))
  }
}

function tooMany(seconds: number, message: string): DomainError {
  return new DomainError('rate_limited', message, undefined, { headers: { 'retry-after': String(seconds) } })
}
