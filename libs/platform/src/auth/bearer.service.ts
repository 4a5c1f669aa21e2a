import { Injectable } from '@nestjs/common'
import { errors, jwtVerify } from 'jose'
import type { KeyObject } from 'node:crypto'
import { authoritiesOf, DomainError, operatorTenant, parseId, type Actor, type Scope } from '#kernel'
import { Config } from '../config/config.ts'
import { forTenant } from '../tenancy/context.ts'
import { CredentialsRepository, liveScopes } from './credentials.repository.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { readClientId } from './key-text.ts'
import { clockSkew, ownAudience, ownIssuer } from './own-issuer.ts'
import { PeopleRepository, type PersonState, type TenantIssuer } from './people.repository.ts'
import { SignIns, type Claims } from './sign-ins.ts'
import { SigningKeys } from './signing-keys.ts'
import { InvalidToken, readToken, type TokenText } from './token-text.ts'

/** Who vouches for a token: this server, or a tenant's identity provider. */
export type Voucher = 'server' | TenantIssuer

interface Verifying {
  readonly key: KeyObject
  readonly voucher: Voucher
}

const textForm = /^[^\p{Cc}\p{Cs}]{1,255}$/u
/** More than a token can carry well; they are looked up at each decision. */
const mostGroups = 200

/** Before a signature is verified: whose key it needs. After: whom the token speaks for, and what they may do now. */
@Injectable()
export class BearerService {
  readonly #issuer: string
  readonly #signingKeys: SigningKeys
  readonly #issuerKeys: IssuerKeys
  readonly #credentials: CredentialsRepository
  readonly #people: PeopleRepository
  readonly #signIns: SignIns

  constructor(
    config: Config,
    signingKeys: SigningKeys,
    issuerKeys: IssuerKeys,
    credentials: CredentialsRepository,
    people: PeopleRepository,
    signIns: SignIns,
  ) {
    this.#issuer = ownIssuer(config)
    this.#signingKeys = signingKeys
    this.#issuerKeys = issuerKeys
    this.#credentials = credentials
    this.#people = people
    this.#signIns = signIns
  }

  /**
   * The key that the token claims to be signed with, of an issuer that is known here for its audience.
   * @throws InvalidToken
   */
  async keyFor(text: string, tenantId: string | null): Promise<Verifying> {
    const token = readToken(text)
    if (token.issuer === this.#issuer) return { key: await this.#ownKey(token), voucher: 'server' }
    const issuers = await this.#issuersOf(token, tenantId)
    const [only, ...others] = issuers
    if (!only) {
      const audiences = token.audiences.join(' ')
      throw new InvalidToken(`no tenant knows the issuer ${token.issuer} with the audience ${audiences}`)
    }
    if (others.length > 0) return this.#theOneThatVerifies(issuers, text, token)
    return { key: await this.#issuerKeys.key(only, token), voucher: only }
  }

  /** @param claims of a token whose signature and times are verified. @throws InvalidToken */
  actor(voucher: Voucher, claims: Claims, tenantId: string | null): Promise<Actor> {
    return voucher === 'server' ? this.#ownActor(claims) : this.#personOf(voucher, claims, tenantId)
  }

  async #ownKey({ alg, kid, audiences }: TokenText): Promise<KeyObject> {
    if (alg !== 'RS256' || kid === null) throw new InvalidToken('not a token of this server: RS256 with a kid')
    if (audiences.length !== 1 || audiences[0] !== ownAudience)
      throw new InvalidToken(`for the audience ${audiences.join(' ')}`)
    const key = await this.#signingKeys.verifying(kid)
    if (key === null) throw new InvalidToken(`no key of this server has the kid ${kid}`)
    return key
  }

  /**
   * The header tells which tenant's issuer is meant; when it has none such, the token tells the tenant, so that the
   * header turns out to be wrong.
   */
  async #issuersOf({ issuer, audiences }: TokenText, tenantId: string | null): Promise<TenantIssuer[]> {
    // Nothing of the token is verified yet: nothing runs for this tenant but the look-up of its issuers.
    const within = (id: string): Promise<TenantIssuer[]> => forTenant(id, () => this.#people.issuers(issuer, audiences))
    const own = tenantId === null || tenantId === operatorTenant ? [] : await within(tenantId)
    return own.length > 0 ? own : await within(operatorTenant)
  }

  /** A tenant can register the issuer of another one: it counts for a token only with the keys that the token is signed with. */
  async #theOneThatVerifies(issuers: readonly TenantIssuer[], text: string, token: TokenText): Promise<Verifying> {
    const tried = await Promise.all(issuers.map((issuer) => this.#verified(issuer, text, token)))
    const [only, ...others] = tried.filter((each) => each !== null)
    if (!only) throw new InvalidToken(`no tenant's keys of the issuer ${token.issuer} verify it`)
    if (others.length > 0)
      throw new InvalidToken(`several tenants' keys of the issuer ${token.issuer} verify it: X-Tenant-ID is needed`)
    return only
  }

  async #verified(voucher: TenantIssuer, text: string, token: TokenText): Promise<Verifying | null> {
    try {
      const key = await this.#issuerKeys.key(voucher, token)
      const { payload } = await jwtVerify<Claims>(text, key, { algorithms: [token.alg], clockTolerance: clockSkew })
      return subjectIn(payload, voucher) === null ? null : { key, voucher }
    } catch (error) {
      if (error instanceof InvalidToken || error instanceof errors.JOSEError) return null
      throw error
    }
  }

  async #ownActor({ tenant_id, client_id, sub, scope }: Claims): Promise<Actor> {
    const tenantId = typeof tenant_id === 'string' ? parseId(tenant_id) : null
    if (tenantId === null || typeof sub !== 'string' || typeof scope !== 'string')
      throw new InvalidToken('not a token of this server')
    const granted = liveScopes(scope.split(' '))
    return forTenant(tenantId, () =>
      client_id === undefined
        ? this.#person(tenantId, sub, granted)
        : this.#client(tenantId, String(client_id), granted),
    )
  }

  /** Never more than the client has now, whatever it had when the token was made. */
  async #client(tenantId: string, clientId: string, granted: ReadonlySet<Scope>): Promise<Actor> {
    const named = readClientId(clientId)
    const stored = named?.tenantId === tenantId ? await this.#credentials.oauthClient(named.id) : undefined
    if (!named || !stored) throw new InvalidToken(`no such OAuth client: ${clientId}`)
    if (stored.refusal !== null) throw new InvalidToken(`OAuth client ${named.id}: ${stored.refusal}`)
    this.#credentials.markUsed('oauth_clients', named.id, stored)
    const scopes = stored.scopes
    const both = new Set([...granted].filter((scope) => scopes.has(scope)))
    const { identity_id: identityId, expires_at: expiresAt } = stored
    const authorities = authoritiesOf(identityId, stored.authorities)
    return { type: 'oauth_client', id: named.id, tenantId, identityId, scopes: both, authorities, expiresAt }
  }

  async #person(tenantId: string, subject: string, scopes: ReadonlySet<Scope>): Promise<Actor> {
    const id = parseId(subject)
    return personActor(tenantId, id === null ? undefined : await this.#people.person(id), scopes)
  }

  #personOf(issuer: TenantIssuer, claims: Claims, tenantHeader: string | null): Promise<Actor> {
    const { tenant_id: tenantId, groups_claim } = issuer
    if (tenantHeader !== null && tenantHeader !== tenantId) throw new DomainError('tenant_mismatch')
    const subject = subjectIn(claims, issuer)
    if (subject === null) throw new InvalidToken(`the claim ${issuer.subject_claim} names no subject`)
    return forTenant(tenantId, async () => {
      const known = await this.#people.personOfSubject(issuer.id, subject)
      const person = known ?? (await this.#firstSignIn(issuer, subject, claims))
      return { ...personActor(tenantId, person, liveScopes(issuer.scopes)), groups: groupsIn(claims, groups_claim) }
    })
  }

  async #firstSignIn(issuer: TenantIssuer, subject: string, claims: Claims): Promise<PersonState | undefined> {
    const { identityId } = await this.#signIns.identityFor(issuer, subject, claims)
    return this.#people.person(identityId)
  }
}

function personActor(tenantId: string, person: PersonState | undefined, scopes: ReadonlySet<Scope>): Actor {
  if (!person?.active) throw new InvalidToken('the identity is gone or not active')
  const id = person.identity_id
  const authorities = authoritiesOf(id, person.authorities)
  return { type: 'oidc', id, tenantId, identityId: id, scopes, authorities, expiresAt: null }
}

function subjectIn(claims: Claims, { subject_claim: claim }: TenantIssuer): string | null {
  const subject = Object.hasOwn(claims, claim) ? claims[claim] : undefined
  return typeof subject === 'string' && textForm.test(subject) ? subject : null
}

/** A list of texts, or one; what else stands there names no group. */
function groupsIn(claims: Claims, claim: string | null): string[] {
  const named = claim !== null && Object.hasOwn(claims, claim) ? [claims[claim]].flat() : []
  return named.filter((each): each is string => typeof each === 'string' && textForm.test(each)).slice(0, mostGroups)
}
