import { Injectable } from '@nestjs/common'
import { changedFields, Changes } from '#audit'
import { DomainError, may, notFound, type Actor, type Scope } from '#kernel'
import { Database, type OffsetRequest } from '#platform'
import { endToGive, mayGive, scopesToGive } from '../delegation.ts'
import type { CreatedOAuthClient } from '../oauth-clients/oauth-clients.dto.ts'
import { OAuthClientsService } from '../oauth-clients/oauth-clients.service.ts'
import { fieldError } from '../object-fields.ts'
import type { PersonalToken } from './personal-tokens.fields.ts'
import { PersonalTokensRepository } from './personal-tokens.repository.ts'

/** How many tokens one person can have. */
export const mostPersonalTokens = 10

export interface NewPersonalToken {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The scopes in the words of the API that it is made with. */
  readonly scope_names: readonly string[]
  readonly token_lifetime_seconds: number | null
  /** Left out or null: in half a year, or with the credential that makes it. */
  readonly expires_at?: string | null
}

export interface PersonalTokenPage {
  readonly tokens: readonly PersonalToken[]
  readonly total?: number
  readonly next: string | null
}

/** OAuth clients that people make for themselves: each speaks for its maker, and can do no more. */
@Injectable()
export class PersonalTokensService {
  readonly #database: Database
  readonly #tokens: PersonalTokensRepository
  readonly #clients: OAuthClientsService
  readonly #changes: Changes

  constructor(database: Database, tokens: PersonalTokensRepository, clients: OAuthClientsService, changes: Changes) {
    this.#database = database
    this.#tokens = tokens
    this.#clients = clients
    this.#changes = changes
  }

  /** Those of a person; null: of everybody. One's own need no more than the route asks for. @throws DomainError `forbidden` */
  async list(actor: Actor, owner: string | null, page: OffsetRequest): Promise<PersonalTokenPage> {
    if (owner === null || owner !== actor.identityId) need(actor, 'oauth_clients:read')
    const { rows, ...rest } = await this.#tokens.list(owner, page)
    return { ...rest, tokens: JSON.parse(rows.text) as PersonalToken[] }
  }

  create(actor: Actor, token: NewPersonalToken): Promise<PersonalToken & Pick<CreatedOAuthClient, 'client_secret'>> {
    const identity_id = personOf(actor)
    return this.#database.transaction(async () => {
      const scopes = scopesToGive(actor, token.scopes)
      const expires_at = endToGive(actor, token.expires_at ?? (await this.#usualEnd(actor)))
      if ((await this.#tokens.count(identity_id)) >= mostPersonalTokens) {
        const message = `A person has at most ${mostPersonalTokens} personal access tokens; delete one first`
        throw fieldError('name', message, 'too_many')
      }
      const made = await this.#clients.issue(actor, { ...token, scopes, expires_at, identity_id })
      return { ...found(made.id, await this.#tokens.find(made.id, identity_id)), client_secret: made.client_secret }
    })
  }

  async #usualEnd({ expiresAt }: Actor): Promise<string> {
    const end = await this.#tokens.halfYearFromNow()
    return expiresAt !== null && expiresAt < new Date(end) ? expiresAt.toISOString() : end
  }

  /**
   * One's own. A change that gives it more takes an actor who could make it as it is then: an administrator may have made
   * it with more than its person has. @throws DomainError `forbidden` otherwise
   */
  update(
    actor: Actor,
    id: string,
    change: (before: PersonalToken) => Partial<NewPersonalToken>,
  ): Promise<PersonalToken> {
    const owner = personOf(actor)
    return this.#database.transaction(async () => {
      const before = found(id, await this.#tokens.lock(id, owner))
      const { scopes, expires_at, ...rest } = change(before)
      await this.#clients.checkEnd(expires_at ?? null)
      const after = {
        ...before,
        ...rest,
        ...(scopes !== undefined && { scopes: scopesToGive(actor, scopes) }),
        ...(expires_at !== undefined && { expires_at: endToGive(actor, expires_at) }),
      }
      const fields = Object.keys(changedFields(before, after))
      if (fields.length === 0) return before
      if (givesMore(before, after)) mayGive(actor, { ...after, identity_id: owner })
      await this.#tokens.update(id, after)
      const token = found(id, await this.#tokens.find(id, owner))
      const resource = { type: 'oauth_client', id }
      await this.#changes.record(actor, {
        action: 'oauth_client.updated',
        resource,
        data: token,
        metadata: { fields },
      })
      return token
    })
  }

  /** One's own, or with `oauth_clients:write` anybody's. */
  revoke(actor: Actor, id: string): Promise<void> {
    return this.#database.transaction(async () => {
      found(id, await this.#tokens.find(id, may(actor, 'oauth_clients:write') ? null : personOf(actor)))
      await this.#clients.revoke(actor, id)
    })
  }
}

function found(id: string, token: PersonalToken | null): PersonalToken {
  if (token === null) throw notFound('personal access token', id)
  return token
}

/** Whether it can do more, or can do it for longer. */
function givesMore(before: PersonalToken, after: PersonalToken): boolean {
  const end = ({ expires_at }: PersonalToken): number => (expires_at === null ? Infinity : Date.parse(expires_at))
  return (
    after.scopes.some((scope) => !before.scopes.includes(scope)) ||
    after.token_lifetime_seconds !== before.token_lifetime_seconds ||
    end(after) > end(before)
  )
}

function personOf({ identityId }: Actor): string {
  if (identityId === null)
    throw new DomainError('forbidden', 'A personal access token is made by a person, or by a credential of one')
  return identityId
}

function need(actor: Actor, scope: Scope): void {
  if (may(actor, scope)) return
  throw new DomainError('forbidden', `The tokens of others take the scope ${scope}`, { required_scopes: [scope] })
}
