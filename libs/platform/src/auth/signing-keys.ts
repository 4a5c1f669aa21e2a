import { Injectable } from '@nestjs/common'
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { newId } from '#kernel'
import { Config } from '../config/config.ts'
import { clockSkew, longestClientLifetime } from './own-issuer.ts'
import { seal, unseal, type Sealing } from './sealed.ts'
import { SigningKeysRepository, type StoredSigningKey } from './signing-keys.repository.ts'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
}

/** RFC 7517 */
export interface PublicJwk {
  readonly kty: string
  readonly kid: string
  readonly use: 'sig'
  readonly alg: 'RS256'
  readonly [member: string]: string
}

const makePair = promisify(generateKeyPair)
const keepMs = 60_000
const pauseMs = 100

/** The RS256 keys of the server's own tokens. What one process makes or retires, the others see without a restart. */
@Injectable()
export class SigningKeys {
  readonly #stored: SigningKeysRepository
  readonly #operatorKey: string | null
  readonly #graceSeconds: number
  readonly #opened = new Map<string, SigningKey>()
  #verifying = new Map<string, KeyObject>()
  #readAt = -Infinity
  #nextReading: Promise<void> | undefined

  constructor(stored: SigningKeysRepository, config: Config) {
    this.#stored = stored
    this.#operatorKey = config.operatorApiKey
    this.#graceSeconds = Math.max(config.tokenLifetimeSeconds, longestClientLifetime) + 2 * clockSkew
  }

  /** The key to sign with, read anew for each token: once a key is retired nothing is signed with it. Made at first use. */
  async current(): Promise<SigningKey> {
    for (;;) {
      const stored = await this.#stored.current()
      const key = stored && this.#open(stored)
      if (key) return key
      await this.#replace(stored?.kid ?? null)
    }
  }

  /** Signs with a new key from now on. The old one verifies until the last token signed with it has expired. */
  async rotate(): Promise<SigningKey> {
    const { kid } = await this.current()
    await this.#replace(kid)
    return this.current()
  }

  /** The key to verify with, or null when there is none with this id. */
  async verifying(kid: string): Promise<KeyObject | null> {
    const fresh = performance.now() - this.#readAt < keepMs
    if (!fresh || !this.#verifying.has(kid)) await this.#read()
    return this.#verifying.get(kid) ?? null
  }

  /** For `/.well-known/jwks.json`. */
  async published(): Promise<PublicJwk[]> {
    await this.current()
    return (await this.#stored.usable(this.#graceSeconds)).map(asJwk)
  }

  /** Unknown ids cost one reading in a tenth of a second, however many arrive: each waits for a reading that begins after it came. */
  #read(): Promise<void> {
    this.#nextReading ??= (async () => {
      await pause(Math.max(0, this.#readAt + pauseMs - performance.now()))
      this.#nextReading = undefined
      this.#readAt = performance.now()
      const stored = await this.#stored.usable(this.#graceSeconds)
      this.#verifying = new Map(
        stored.map((each) => [each.kid, createPublicKey({ key: each.public_jwk, format: 'jwk' })]),
      )
    })()
    return this.#nextReading
  }

  async #replace(before: string | null): Promise<void> {
    const { publicKey, privateKey } = await makePair('rsa', { modulusLength: 2048 })
    const kid = newId()
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
    const { kty, n, e } = publicKey.export({ format: 'jwk' }) as Record<'kty' | 'n' | 'e', string>
    await this.#stored.replace(before, {
      kid,
      public_jwk: { kty, n, e },
      private_key: seal(this.#sealing(kid), pkcs8),
    })
  }

  /** Null for a key that was sealed under another operator key: it can only be replaced. */
  #open(stored: StoredSigningKey): SigningKey | null {
    const opened = this.#opened.get(stored.kid)
    if (opened) return opened
    const pkcs8 = unseal(this.#sealing(stored.kid), stored.private_key)
    if (pkcs8 === null) return null
    const key = { kid: stored.kid, privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }) }
    this.#opened.clear()
    this.#opened.set(key.kid, key)
    return key
  }

  #sealing(kid: string): Sealing {
    if (this.#operatorKey === null)
      throw new Error('Tokens cannot be signed without OPERATOR_API_KEY: it protects the signing keys')
    return { under: this.#operatorKey, use: 'castellan signing key', of: kid }
  }
}

function asJwk({ kid, public_jwk }: StoredSigningKey): PublicJwk {
  return { ...public_jwk, kty: 'RSA', kid, use: 'sig', alg: 'RS256' }
}
