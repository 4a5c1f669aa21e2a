import { Injectable } from '@nestjs/common'
import { authoritiesOf, isScope, scopes, type Scope } from '#kernel'
import { Config } from '../config/config.ts'
import { forTenant } from '../tenancy/context.ts'
import { CredentialsRepository, type StoredCredential } from './credentials.repository.ts'
import { isSecret, readClientId, readSecret, type ClientIdText } from './key-text.ts'
import type { DiscoveryAnswer, JwksAnswer, OAuthInfoAnswer, TokenAnswer } from './oauth.dto.ts'
import { badClient, OAuthError } from './oauth-errors.ts'
import type { TokenParameters } from './oauth-parameters.ts'
import { ownIssuer } from './own-issuer.ts'
import { SigningKeys } from './signing-keys.ts'
import { TokenService } from './token.service.ts'

/** The client-credentials grant (RFC 6749 section 4.4). */
@Injectable()
export class OAuthService {
  readonly #issuer: string
  readonly #credentials: CredentialsRepository
  readonly #tokens: TokenService
  readonly #keys: SigningKeys

  constructor(config: Config, credentials: CredentialsRepository, tokens: TokenService, keys: SigningKeys) {
    this.#issuer = ownIssuer(config)
    this.#credentials = credentials
    this.#tokens = tokens
    this.#keys = keys
  }

  /**
   * @param spend counts the request as one of the client, once it is known, and throws when it has had too many
   * @throws OAuthError, or DomainError `unauthenticated` whatever was wrong with the client
   */
  async token(parameters: TokenParameters, spend: (credential: string) => void): Promise<TokenAnswer> {
    const { grant_type, client_id, client_secret, scope } = parameters
    if (grant_type === undefined)
      throw new OAuthError('invalid_request', 'grant_type is missing: it must be client_credentials')
    if (grant_type !== 'client_credentials')
      throw new OAuthError('unsupported_grant_type', 'grant_type must be client_credentials')
    if (client_id === undefined || client_secret === undefined) throw badClient('client_id or client_secret is missing')
    const client = readClientId(client_id)
    const secret = readSecret(client_secret)
    if (client === null || secret === null)
      throw badClient('client_id or client_secret is not of this server: prefix, length or checksum')
    // Whose tenant it is, the client only says so far: nothing runs there before its secret is checked but its look-up.
    return forTenant(client.tenantId, async () => {
      const stored = await this.#client(client, secret)
      spend(client.tenantId + client.id)
      return this.#grant(client_id, client, stored, scope)
    })
  }

  async jwks(): Promise<JwksAnswer> {
    return { keys: await this.#keys.published() }
  }

  discovery(): DiscoveryAnswer {
    return {
      issuer: this.#issuer,
      token_endpoint: `${this.#issuer}/oauth/token`,
      jwks_uri: `${this.#issuer}/.well-known/jwks.json`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      scopes_supported: [...scopes],
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }
  }

  info(): OAuthInfoAnswer {
    return {
      issuerURI: this.#issuer,
      tokenEndpoint: `${this.#issuer}/oauth/token`,
      jwksEndpoint: `${this.#issuer}/.well-known/jwks.json`,
    }
  }

  async #client({ id, tenantId }: ClientIdText, secret: Buffer): Promise<StoredCredential> {
    const stored = await this.#credentials.oauthClient(id)
    if (!stored || !isSecret(secret, stored.secret_hash))
      throw badClient(`no such OAuth client: ${id} of tenant ${tenantId}`)
    if (stored.refusal !== null) throw badClient(`OAuth client ${id}: ${stored.refusal}`)
    this.#credentials.markUsed('oauth_clients', id, stored)
    return stored
  }

  async #grant(
    clientId: string,
    client: ClientIdText,
    stored: StoredCredential,
    wanted: string | undefined,
  ): Promise<TokenAnswer> {
    const granted = scopesFor(stored.scopes, wanted)
    const identity = stored.identity_id
    const { token, jti, expiresIn } = await this.#tokens.mint({
      tenantId: client.tenantId,
      subject: identity ?? client.id,
      clientId,
      scopes: granted,
      org: stored.org ?? '',
      authorities: [...authoritiesOf(identity, stored.authorities)],
      identityId: identity,
      lifetime: stored.token_lifetime_seconds ?? null,
    })
    return {
      access_token: token,
      token_type: 'bearer',
      expires_in: expiresIn,
      scope: granted.join(' '),
      tenant_id: client.tenantId,
      ...(identity !== null && { identity_id: identity, user_id: identity }),
      org: stored.org ?? '',
      jti,
    }
  }
}

function scopesFor(held: ReadonlySet<Scope>, wanted: string | undefined): Scope[] {
  if (wanted === undefined) return [...held]
  const asked = [...new Set(wanted.split(' ').filter((each) => each !== ''))]
  if (asked.length === 0) throw new OAuthError('invalid_scope', 'scope names no scope; leave it out for all of them')
  return asked.map((scope) => {
    if (!isScope(scope) || !held.has(scope))
      throw new OAuthError('invalid_scope', `The client does not have the scope ${scope.slice(0, 64)}`)
    return scope
  })
}
