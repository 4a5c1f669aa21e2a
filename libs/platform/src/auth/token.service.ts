import { Injectable } from '@nestjs/common'
import { SignJWT } from 'jose'
import { randomUUID } from 'node:crypto'
import { personScopes, type Scope } from '#kernel'
import { Config } from '../config/config.ts'
import { ownAudience, ownIssuer } from './own-issuer.ts'
import { SigningKeys } from './signing-keys.ts'

export interface TokenContent {
  readonly tenantId: string
  /** The identity, or for a client without one the client. */
  readonly subject: string
  /** The OAuth client that it is made for; a person's token has none. */
  readonly clientId?: string
  readonly scopes: readonly Scope[]
  /** Told for clients that read tokens; this server looks them up on each request. */
  readonly org?: string
  readonly identityId?: string | null
  readonly authorities?: readonly string[]
  /** In seconds; null or absent: as long as the server says. */
  readonly lifetime?: number | null
}

export interface MintedToken {
  readonly token: string
  readonly jti: string
  readonly expiresIn: number
}

/** Makes the server's own access tokens (RFC 9068). */
@Injectable()
export class TokenService {
  readonly #keys: SigningKeys
  readonly #issuer: string
  readonly #lifetime: number

  constructor(keys: SigningKeys, config: Config) {
    this.#keys = keys
    this.#issuer = ownIssuer(config)
    this.#lifetime = config.tokenLifetimeSeconds
  }

  async mint({
    tenantId,
    subject,
    clientId,
    scopes,
    org,
    identityId,
    authorities,
    lifetime,
  }: TokenContent): Promise<MintedToken> {
    const { kid, privateKey } = await this.#keys.current()
    const jti = randomUUID()
    const expiresIn = lifetime ?? this.#lifetime
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      tenant_id: tenantId,
      ...(clientId !== undefined && { client_id: clientId }),
      scope: scopes.join(' '),
      ...(org !== undefined && { org }),
      ...(identityId && { identity_id: identityId }),
      ...(authorities !== undefined && { authorities }),
    }
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'at+jwt' })
      .setIssuer(this.#issuer)
      .setAudience(ownAudience)
      .setSubject(subject)
      .setJti(jti)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + expiresIn)
      .sign(privateKey)
    return { token, jti, expiresIn }
  }

  /** A token for a person of the tenant, as if they had signed in. */
  async forPerson(tenantId: string, identityId: string, scopes: readonly Scope[] = personScopes): Promise<string> {
    const { token } = await this.mint({ tenantId, subject: identityId, scopes })
    return token
  }
}
