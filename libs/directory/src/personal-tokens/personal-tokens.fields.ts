import { columns, object, raw, sql, time, type Fragment, type Projection } from '#platform'
import type { Scope } from '#kernel'

/** A personal access token: an OAuth client that stands for a person. */
export interface PersonalToken {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly scope_names: readonly string[] | null
  readonly owner: { readonly id: string; readonly name: string }
  readonly token_lifetime_seconds: number | null
  readonly expires_at: string | null
  readonly last_used_at: string | null
  readonly created_at: string
}

export const personalTokens: Projection = {
  table: 'oauth_clients',
  fields: {
    ...columns('id', 'name', 'scopes', 'scope_names', 'token_lifetime_seconds'),
    owner: object({ id: raw('i.id'), name: raw('i.name') }),
    expires_at: time('expires_at'),
    last_used_at: time('last_used_at'),
    created_at: time('created_at'),
  },
  joins: raw('join identities i on i.id = t.identity_id'),
}

/** Of one person; null: of everybody. */
export const isPersonal = (owner: string | null): Fragment[] => [
  raw('t.revoked_at is null'),
  owner === null ? raw('t.identity_id is not null') : sql`t.identity_id = ${owner}::uuid`,
]
