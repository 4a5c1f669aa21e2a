import { Injectable } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { DomainError } from '#kernel'
import { Config } from '../config/config.ts'

const failuresPerMinute = 3000

/** Requests a minute for each credential, and refused credentials a minute for each address; counted in this process. */
@Injectable()
export class RateLimit {
  readonly #limit: number
  readonly #requests: RateLimiterMemory
  readonly #failures: RateLimiterMemory

  constructor(config: Config) {
    this.#limit = config.rateLimit
    this.#requests = new RateLimiterMemory({ points: config.rateLimit, duration: 60 })
    this.#failures = new RateLimiterMemory({ points: failuresPerMinute, duration: 60 })
  }

  /** @throws DomainError `rate_limited` with Retry-After, in seconds */
  async spend(credential: string, reply: FastifyReply): Promise<void> {
    const state = await consume(this.#requests, credential)
    void reply.headers({
      'ratelimit-limit': String(this.#limit),
      'ratelimit-remaining': String(Math.max(0, state.remainingPoints)),
      'ratelimit-reset': String(Math.ceil(state.msBeforeNext / 1000)),
    })
    if (state.exceeded) throw tooMany(state.msBeforeNext, `This credential may send ${this.#limit} requests a minute`)
  }

  /**
   * An address that sent 3,000 refused credentials in a minute is refused unheard until the minute is over, with good
   * credentials too: to tell them apart would take the very look-up that is to be spared. Other addresses do not notice.
   */
  async guardFailures<T>(address: string, authenticate: () => Promise<T>): Promise<T> {
    const failures = await this.#failures.get(address)
    if (failures && failures.consumedPoints >= failuresPerMinute) {
      throw tooMany(failures.msBeforeNext, 'Too many refused credentials from this address')
    }
    try {
      return await authenticate()
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unauthenticated') {
        await consume(this.#failures, address)
      }
      throw error
    }
  }
}

async function consume(
  limiter: RateLimiterMemory,
  key: string,
): Promise<{ remainingPoints: number; msBeforeNext: number; exceeded: boolean }> {
  try {
    const { remainingPoints, msBeforeNext } = await limiter.consume(key)
    return { remainingPoints, msBeforeNext, exceeded: false }
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    return { remainingPoints: 0, msBeforeNext: refused.msBeforeNext, exceeded: true }
  }
}

function tooMany(msBeforeNext: number, message: string): DomainError {
  return new DomainError('rate_limited', message, undefined, {
    headers: { 'retry-after': String(Math.ceil(msBeforeNext / 1000)) },
  })
}
