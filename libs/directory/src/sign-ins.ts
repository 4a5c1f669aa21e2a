import { Injectable } from '@nestjs/common'
import { Changes, type Change } from '#audit'
import { newId, type Actor } from '#kernel'
import { Database, SignIns, type Claims, type TenantIssuer } from '#platform'
import { SignInsRepository } from './sign-ins.repository.ts'

/** Finds or makes the identity of who signs in for the first time. */
@Injectable()
export class DirectorySignIns extends SignIns {
  readonly #database: Database
  readonly #repository: SignInsRepository
  readonly #changes: Changes

  constructor(database: Database, repository: SignInsRepository, changes: Changes) {
    super()
    this.#database = database
    this.#repository = repository
    this.#changes = changes
  }

  override identityFor(issuer: TenantIssuer, subject: string, claims: Claims): Promise<{ identityId: string }> {
    return this.#database.transaction(async () => {
      await this.#repository.lockSubject(issuer.id, subject)
      const linked = await this.#repository.linkedIdentity(issuer.id, subject)
      if (linked !== null) return { identityId: linked }
      const known = await this.#match(issuer, subject, claims)
      return {
        identityId:
          known === null ? await this.#make(issuer, subject, claims) : await this.#adopt(issuer, subject, known),
      }
    })
  }

  /** The one imported identity that this is, if the tenant trusts its provider to say so. */
  async #match(issuer: TenantIssuer, subject: string, claims: Claims): Promise<string | null> {
    const by = matchOf(issuer, subject, claims)
    return by === null ? null : this.#repository.unlinked(issuer.id, by)
  }

  async #adopt(issuer: TenantIssuer, subject: string, id: string): Promise<string> {
    await this.#repository.link(issuer.id, subject, id)
    await this.#record(issuer, id, { action: 'identity.linked', data: { id, issuer: issuer.issuer, subject } }, subject)
    return id
  }

  async #make(issuer: TenantIssuer, subject: string, claims: Claims): Promise<string> {
    const id = newId()
    const name = nameIn(claims) ?? subject
    const data = await this.#repository.insert({ id, name, email: verifiedEmailIn(claims) })
    await this.#repository.link(issuer.id, subject, id)
    await this.#record(issuer, id, { action: 'identity.created', data }, subject)
    return id
  }

  async #record(
    issuer: TenantIssuer,
    id: string,
    change: Pick<Change, 'action' | 'data'>,
    subject: string,
  ): Promise<void> {
    const actor: Actor = {
      type: 'oidc',
      id,
      tenantId: issuer.tenant_id,
      identityId: id,
      scopes: new Set(),
      authorities: new Set(),
      expiresAt: null,
    }
    const metadata = { issuer_id: issuer.id, issuer: issuer.issuer, subject }
    await this.#changes.record(actor, { ...change, resource: { type: 'identity', id }, metadata })
  }
}

function matchOf(
  { identity_match }: TenantIssuer,
  subject: string,
  claims: Claims,
): { external_id: string } | { email: string } | null {
  if (identity_match === 'external_id') return { external_id: subject }
  const email = verifiedEmailIn(claims)
  return identity_match === 'email' && email !== null ? { email } : null
}

/** The e-mail that the provider vouches for, exactly as it says it; one that is only claimed is nobody's. */
function verifiedEmailIn(claims: Claims): string | null {
  const email = textIn(claims, 'email')
  return claims['email_verified'] === true && email === claims['email'] ? email : null
}

function nameIn(claims: Claims): string | null {
  return textIn(claims, 'name') ?? textIn(claims, 'preferred_username') ?? textIn(claims, 'email')
}

/** A claim as it may stand in the directory: one line of at most 256 characters. */
function textIn(claims: Claims, name: string): string | null {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined
  if (typeof value !== 'string' || !value.isWellFormed()) return null
  return (
    value
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 256)
      .toWellFormed() || null
  )
}
