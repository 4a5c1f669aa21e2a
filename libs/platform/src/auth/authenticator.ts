import { Injectable } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { createHash, timingSafeEqual } from 'node:crypto'
import { authoritiesOf, DomainError, operatorTenant, type Actor } from '#kernel'
import { Config } from '../config/config.ts'
import { ReadsOfATurn } from '../database/reads-of-a-turn.ts'
import { forTenant } from '../tenancy/context.ts'
import { BearerGuard } from './bearer.guard.ts'
import { CredentialsRepository } from './credentials.repository.ts'
import { isSecret, readKey } from './key-text.ts'
import { noCredential, refused } from './refusal.ts'

const operator: Actor = {
  type: 'operator',
  id: 'operator',
  tenantId: operatorTenant,
  identityId: null,
  scopes: new Set(),
  authorities: new Set(),
  expiresAt: null,
}

/**
 * Who sent a request, by the one credential it carries: a key as X-API-Key, a token as Authorization: Bearer, or a tenant's
 * key as that. How a key is sent changes nothing about what it may do.
 */
@Injectable()
export class Authenticator {
  readonly #credentials: CredentialsRepository
  readonly #bearer: BearerGuard
  readonly #operatorHash: Buffer | null
  /** Requests with the same credential that arrive together are answered by one look at it, which begins after they came. */
  readonly #actors = new ReadsOfATurn<Actor>()

  constructor(config: Config, credentials: CredentialsRepository, bearer: BearerGuard) {
    this.#credentials = credentials
    this.#bearer = bearer
    this.#operatorHash = config.operatorApiKey === null ? null : sha256(config.operatorApiKey)
  }

  /**
   * @param tenantId what X-Tenant-ID says, if it was sent: it helps to find a tenant's own identity provider
   * @throws DomainError `unauthenticated` without a credential or with a bad one, `ambiguous_credentials` with two
   */
  async authenticate(request: FastifyRequest, tenantId: string | null): Promise<Actor> {
    const key = request.headers['x-api-key']
    const authorization = request.headers.authorization
    if (key !== undefined && authorization !== undefined) {
      throw new DomainError('ambiguous_credentials', 'Send X-API-Key or Authorization, not both')
    }
    if (typeof key === 'string') return await this.#actors.get(`key ${key}`, () => this.#byKey(key))
    if (authorization === undefined) throw noCredential()
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    if (token === undefined) throw refused('Authorization is not "Bearer <token>"')
    return await this.#actors.get(`bearer ${tenantId} ${token}`, () =>
      // Veza's clients send their key as a Bearer token. No token has a key's form: each has dots in it, which no key has.
      readKey(token) === null ? this.#bearer.actorOf(token, tenantId) : this.#byKey(token),
    )
  }

  async #byKey(text: string): Promise<Actor> {
    const key = readKey(text)
    if (key === null) {
      if (this.#operatorHash && timingSafeEqual(sha256(text), this.#operatorHash)) return operator
      throw refused('it is not an API key of this server: prefix, length or checksum')
    }
    const { tenantId, id, secret } = key
    // Whose tenant it is, the key only says so far: nothing runs there before the secret is checked but its look-up.
    return forTenant(tenantId, async () => {
      const stored = await this.#credentials.apiKey(id)
      if (!stored || !isSecret(secret, stored.secret_hash))
        throw refused(`no such API key: ${id} of tenant ${tenantId}`)
      if (stored.refusal !== null) throw refused(`API key ${id}: ${stored.refusal}`)
      this.#credentials.markUsed('api_keys', id, stored)
      const { identity_id: identityId, expires_at: expiresAt } = stored
      const authorities = authoritiesOf(identityId, stored.authorities)
      return { type: 'api_key', id, tenantId, identityId, scopes: stored.scopes, authorities, expiresAt }
    })
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
