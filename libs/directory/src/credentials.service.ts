import type { Changes } from '#audit'
import { DomainError, newId, notFound, type Actor, type Scope } from '#kernel'
import { hashSecret, newSecret, type Database } from '#platform'
import type { CreateCredential, CredentialView } from './credentials.dto.ts'
import type { CredentialsRepository } from './credentials.repository.ts'
import { endToGive, identityToGive, scopesToGive } from './delegation.ts'

type Kind = 'api_key' | 'oauth_client'

type IssuedCredential = CreateCredential & { readonly id?: string; readonly scopes: readonly Scope[] }

/** The life of API keys and of OAuth clients. */
export abstract class CredentialsService<View extends CredentialView, Created extends View> {
  protected readonly credentials: CredentialsRepository
  readonly #kind: Kind
  protected readonly database: Database
  readonly #changes: Changes

  constructor(kind: Kind, database: Database, credentials: CredentialsRepository, changes: Changes) {
    this.credentials = credentials
    this.#kind = kind
    this.database = database
    this.#changes = changes
  }

  protected abstract viewOf(credential: CredentialView): View

  /** With what proves it, which is shown this once. */
  protected abstract createdOf(view: View, secret: Buffer): Created

  /** One that can do no more than its maker, for nobody else, and for no longer. */
  create(actor: Actor, body: CreateCredential): Promise<Created> {
    return this.issue(actor, {
      ...body,
      scopes: scopesToGive(actor, body.scopes),
      identity_id: identityToGive(actor, body.identity_id),
      expires_at: endToGive(actor, body.expires_at),
    })
  }

  /**
   * One of the context's tenant with the given scopes, whatever the actor has: for the operator. What else is given is
   * the repository's.
   */
  issue(
    actor: Actor,
    { id = newId(), name, scopes, identity_id = null, expires_at = null, ...own }: IssuedCredential,
  ): Promise<Created> {
    return this.database.transaction(async () => {
      await this.check(expires_at, identity_id)
      const secret = newSecret()
      const secret_hash = hashSecret(secret)
      const created_by = actor.id
      await this.credentials.insert({ ...own, id, name, secret_hash, scopes, identity_id, expires_at, created_by })
      const view = this.found(id, await this.credentials.find(id))
      await this.record(actor, 'created', view)
      return this.createdOf(view, secret)
    })
  }

  revoke(actor: Actor, id: string): Promise<void> {
    return this.database.transaction(async () => {
      await this.record(actor, 'revoked', this.found(id, await this.credentials.revoke(id, actor.id)))
    })
  }

  /** @throws DomainError `invalid_body` for an end that has been */
  async checkEnd(expiresAt: string | null): Promise<void> {
    if (expiresAt !== null && (await this.credentials.isPast(expiresAt)))
      throw new DomainError('invalid_body', 'expires_at must lie in the future', { field: 'expires_at' })
  }

  protected async check(expiresAt: string | null, identityId: string | null): Promise<void> {
    await this.checkEnd(expiresAt)
    if (identityId !== null && !(await this.credentials.identityExists(identityId))) {
      const message = `identity_id: no identity has the id ${identityId}`
      throw new DomainError('invalid_body', message, { field: 'identity_id' })
    }
  }

  protected found(id: string, credential: CredentialView | null): View {
    if (credential === null) throw notFound(this.#kind, id)
    return this.viewOf(credential)
  }

  protected async record(actor: Actor, verb: string, view: View): Promise<void> {
    const resource = { type: this.#kind, id: view.id }
    await this.#changes.record(actor, { action: `${this.#kind}.${verb}`, resource, data: view })
  }
}
