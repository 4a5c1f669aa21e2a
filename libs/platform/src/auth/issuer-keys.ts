import { Injectable, Logger } from '@nestjs/common'
import type { KeyObject } from 'node:crypto'
import { Config } from '../config/config.ts'
import { guardedFetch, type FetchRules } from './guarded-fetch.ts'
import { pickKey, readKeySet, type VerificationKey } from './key-set.ts'
import type { TenantIssuer } from './people.repository.ts'
import { InvalidToken, type TokenText } from './token-text.ts'

interface Fetched {
  keys: VerificationKey[]
  fetchedAt: number
  triedAt: number
  fetching: Promise<void> | undefined
}

const freshMs = 5 * 60_000
const staleMs = 60 * 60_000
const retryMs = 10_000
const maximumSets = 1000

/** Which addresses of keys are asked. */
export function keysRules({ allowPrivateHosts }: Config): FetchRules {
  return { allowPrivate: allowPrivateHosts, standardPort: true }
}

/**
 * The keys of tenants' identity providers, kept by address. A set is asked for again after five minutes, and at most
 * every ten seconds for a kid that is not in it; while it cannot be had, the last one serves for an hour.
 */
@Injectable()
export class IssuerKeys {
  readonly #rules: FetchRules
  readonly #sets = new Map<string, Fetched>()
  readonly #logger = new Logger('IssuerKeys')

  constructor(config: Config) {
    this.#rules = keysRules(config)
  }

  /** @throws InvalidToken when the issuer has no such key, or its keys cannot be had */
  async key({ jwks, jwks_uri }: TenantIssuer, token: TokenText): Promise<KeyObject> {
    if (jwks_uri === null) return pickKey(readKeySet(jwks), token)
    const set = this.#set(jwks_uri)
    if (age(set.fetchedAt) > freshMs || !isKnown(set, token)) await this.#fetch(jwks_uri, set)
    if (age(set.fetchedAt) > staleMs) throw new InvalidToken(`the keys at ${jwks_uri} cannot be had`)
    return pickKey(set.keys, token)
  }

  #set(address: string): Fetched {
    const set = this.#sets.get(address) ?? { keys: [], fetchedAt: -Infinity, triedAt: -Infinity, fetching: undefined }
    this.#sets.delete(address)
    this.#sets.set(address, set)
    const [oldest] = this.#sets.keys()
    if (this.#sets.size > maximumSets && oldest !== undefined) this.#sets.delete(oldest)
    return set
  }

  /** Whoever asks meanwhile waits for the same answer. */
  #fetch(address: string, set: Fetched): Promise<void> {
    if (set.fetching) return set.fetching
    if (age(set.triedAt) < retryMs) return Promise.resolve()
    set.triedAt = Date.now()
    set.fetching = (async () => {
      try {
        set.keys = readKeySet(JSON.parse(await guardedFetch(address, this.#rules)))
        set.fetchedAt = Date.now()
      } catch (error) {
        this.#logger.warn(
          `The keys at ${address} cannot be had: ${error instanceof Error ? error.message : String(error)}`,
        )
      } finally {
        set.fetching = undefined
      }
    })()
    return set.fetching
  }
}

function age(time: number): number {
  return Date.now() - time
}

function isKnown({ keys }: Fetched, { kid, alg }: TokenText): boolean {
  return keys.some((each) => (kid === null || each.kid === kid) && each.algorithms.includes(alg))
}
