import { mostPersonalTokens, type NewPersonalToken, type PersonalToken, type PersonalTokenPage } from '#directory'
import { may, parseId, scopes, type Actor, type Scope } from '#kernel'
import { JsonText, longestClientLifetime, readClientId, writeClientId } from '#platform'
import { changedMembers, type JsonObject } from '../../json-patch/index.ts'
import { wrongField, wrongParameter } from '../../refusals.ts'
import { sailPointScopes } from '../../scopes.ts'
import { hexId, idOfNothing } from '../../wire.ts'
import {
  PersonalAccessTokenChange, type CreatePersonalAccessTokenRequest, type CreatePersonalAccessTokenResponse,
  type GetPersonalAccessTokenResponse, type PersonalAccessTokenQuery,
} from './tokens.dto.ts' // prettier-ignore

const all = 'sp:scopes:all'
const rules = { roots: ['name', 'scope', 'accessTokenValiditySeconds', 'expirationDate'] }

export function newToken(actor: Actor, body: CreatePersonalAccessTokenRequest): NewPersonalToken {
  const scope_names = body.scope ?? [all]
  return {
    name: body.name,
    scopes: scopesOf(actor, scope_names),
    scope_names,
    token_lifetime_seconds: body.accessTokenValiditySeconds ?? longestClientLifetime,
    expires_at: body.expirationDate ?? null,
  }
}

/** What the names stand for; all of them, for what the actor has. @throws DomainError `invalid_body` */
function scopesOf(actor: Actor, names: readonly string[]): Scope[] {
  const wanted = new Set(
    names.flatMap((name) => {
      if (name === all) return [...actor.scopes]
      const known = Object.hasOwn(sailPointScopes, name) ? sailPointScopes[name] : undefined
      if (known) return known
      throw wrongField(
        'scope',
        `scope: ${name} is not known here; ${Object.keys(sailPointScopes).join(', ')} are`,
        'value',
      )
    }),
  )
  return scopes.filter((scope) => wanted.has(scope))
}

export function change(actor: Actor, operations: unknown) {
  return (before: PersonalToken): Partial<NewPersonalToken> => {
    const seen = { expirationDate: null, ...(answerOf(actor.tenantId, before) as object) } as JsonObject
    const body = changedMembers(PersonalAccessTokenChange, seen, operations, rules)
    const { name, scope, accessTokenValiditySeconds: seconds, expirationDate } = body
    return {
      ...(name !== undefined && { name }),
      ...(scope !== undefined && { scopes: scopesOf(actor, scope ?? [all]), scope_names: scope ?? [all] }),
      ...(seconds !== undefined && { token_lifetime_seconds: seconds ?? longestClientLifetime }),
      ...(expirationDate !== undefined && { expires_at: expirationDate }),
    }
  }
}

export function answerOf(tenantId: string, token: PersonalToken): GetPersonalAccessTokenResponse {
  const { id, name, scope_names, owner, created_at, last_used_at, token_lifetime_seconds, expires_at } = token
  return {
    id: writeClientId({ tenantId, id }),
    name,
    scope: [...(scope_names?.length ? scope_names : namesOf(token.scopes))],
    owner: { type: 'IDENTITY', id: hexId(owner.id), name: owner.name },
    created: created_at,
    accessTokenValiditySeconds: token_lifetime_seconds ?? longestClientLifetime,
    ...(expires_at !== null && { expirationDate: expires_at }),
    lastUsed: last_used_at,
    managed: false,
  }
}

/** Of a client that was made under `/v1`: each of SailPoint's scopes that it has whole. */
function namesOf(held: readonly Scope[]): string[] {
  const has = new Set(held)
  return Object.entries(sailPointScopes).flatMap(([name, parts]) =>
    parts.every((part) => has.has(part)) ? [name] : [],
  )
}

export function createdOf(
  tenantId: string,
  token: PersonalToken & { readonly client_secret: string },
): CreatePersonalAccessTokenResponse {
  const { lastUsed: _, managed: _m, ...answer } = answerOf(tenantId, token)
  return { ...answer, expirationDate: token.expires_at ?? '', secret: token.client_secret }
}

export async function listOf(actor: Actor, page: Promise<PersonalTokenPage>): Promise<JsonText> {
  const { tokens, total, next } = await page
  return new JsonText(JSON.stringify(tokens.map((token) => answerOf(actor.tenantId, token))), {
    ...(total !== undefined && { 'x-total-count': String(total) }),
    ...(next !== null && { 'x-next-cursor': next }),
  })
}

/** Whose tokens; null: everybody's, for who may read those. @throws DomainError `invalid_parameter` for `me` without a person */
export function ownerIn(actor: Actor, query: PersonalAccessTokenQuery): string | null {
  const named = query['owner-id']
  if (named === undefined) return may(actor, 'oauth_clients:read') ? null : actor.identityId
  if (named !== 'me') return parseId(named) ?? idOfNothing
  if (actor.identityId !== null) return actor.identityId
  throw wrongParameter('owner-id', 'owner-id cannot be me for a credential that stands for nobody')
}

/** The id of a token: the client's, or what stands in it. */
export const tokenId = {
  transform(value: string): string {
    return readClientId(value)?.id ?? parseId(value) ?? idOfNothing
  },
}

export const limit = `A person has at most ${mostPersonalTokens}.`
