import { Injectable } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
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

  /** Whoever keeps guessing credentials is slowed down by address; whoever has a good one is not. */
  async guardFailures<T>(request: FastifyRequest, _reply: FastifyReply, authenticate: () => Promise<T>): Promise<T> {
    try {
      return await authenticate()
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unauthenticated') {
        const state = await consume(this.#failures, request.ip)
        if (state.exceeded) throw tooMany(state.msBeforeNext, 'Too many refused credentials from this address')
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
