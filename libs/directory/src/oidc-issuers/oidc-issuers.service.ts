import { Injectable } from '@nestjs/common'
import { Changes, type Change } from '#audit'
import { DomainError, may, newId, notFound, personScopes, type Actor } from '#kernel'
import {
  addressProblem,
  Config,
  Database,
  keySetProblem,
  keysRules,
  ownIssuer,
  type JsonText,
  type ListQuery,
  type Precondition,
} from '#platform'
import { needPowerOverPeople, scopesToGive } from '../delegation.ts'
import type { CreateOidcIssuer, OidcIssuerView } from './oidc-issuers.dto.ts'
import { OidcIssuersRepository } from './oidc-issuers.repository.ts'

/** A tenant's own identity providers: their tokens are accepted as Bearer. */
@Injectable()
export class OidcIssuersService {
  readonly #database: Database
  readonly #issuers: OidcIssuersRepository
  readonly #changes: Changes
  readonly #config: Config

  constructor(database: Database, issuers: OidcIssuersRepository, changes: Changes, config: Config) {
    this.#database = database
    this.#issuers = issuers
    this.#changes = changes
    this.#config = config
  }

  list(_actor: Actor, page: ListQuery): Promise<JsonText> {
    return this.#issuers.list(page)
  }

  /** Its people can do no more than its maker, and are nobody but themselves. */
  create(actor: Actor, body: CreateOidcIssuer): Promise<OidcIssuerView> {
    this.#check(body)
    if (actor.expiresAt !== null) {
      throw new DomainError('forbidden', 'An identity provider does not end, so a credential that ends cannot add one')
    }
    const { identity_match = 'none', groups_claim = null } = body
    if (identity_match !== 'none') needPowerOverPeople(actor, 'identity_match', 'identity_match must be none')
    // Who chooses the claim can have anybody be in any group, as far as policies know.
    if (groups_claim !== null) needPowerOverPeople(actor, 'groups_claim', 'groups_claim must be left out')
    const given = scopesToGive(actor, body.scopes ?? personScopes.filter((scope) => may(actor, scope)))
    return this.#database.transaction(async () => {
      const id = newId()
      await this.#issuers.insert({
        id,
        issuer: body.issuer,
        audience: body.audience,
        jwks_uri: body.jwks_uri ?? null,
        jwks: body.jwks ?? null,
        subject_claim: body.subject_claim ?? 'sub',
        groups_claim,
        identity_match,
        scopes: given,
      })
      const issuer = found(id, await this.#issuers.find(id))
      await this.#changes.record(actor, change('created', issuer))
      return issuer
    })
  }

  delete(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return this.#database.transaction(async () => {
      const issuer = found(id, await this.#issuers.lock(id))
      precondition.check(issuer.version)
      await this.#issuers.delete(id)
      await this.#changes.record(actor, change('deleted', issuer))
    })
  }

  #check({ issuer, jwks_uri, jwks }: CreateOidcIssuer): void {
    if ((jwks_uri === undefined) === (jwks === undefined)) throw refusal('jwks_uri', 'Give either jwks_uri or jwks')
    if (issuer === ownIssuer(this.#config)) throw refusal('issuer', 'issuer is this server itself')
    const issuerProblem = addressProblem(issuer, { allowPrivate: this.#config.allowPrivateHosts })
    if (issuerProblem !== null) throw refusal('issuer', `issuer ${issuerProblem}`)
    // OpenID Connect Core section 2
    if (/[?#]/.test(issuer)) throw refusal('issuer', 'issuer must be a URL without a query and without a fragment')
    const addressOfKeys = jwks_uri === undefined ? null : addressProblem(jwks_uri, keysRules(this.#config))
    if (addressOfKeys !== null) throw refusal('jwks_uri', `jwks_uri ${addressOfKeys}`)
    const keys = jwks === undefined ? null : keySetProblem(jwks)
    if (keys !== null) throw refusal('jwks', `jwks: ${keys}`)
  }
}

function refusal(field: string, message: string): DomainError {
  return new DomainError('invalid_body', message, { field })
}

function found(id: string, issuer: OidcIssuerView | null): OidcIssuerView {
  if (issuer === null) throw notFound('oidc_issuer', id)
  return issuer
}

function change(verb: 'created' | 'deleted', issuer: OidcIssuerView): Change {
  return { action: `oidc_issuer.${verb}`, resource: { type: 'oidc_issuer', id: issuer.id }, data: issuer }
}
