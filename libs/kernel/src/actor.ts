import type { Authority } from './authorities.ts'
import type { Scope } from './permissions.ts'

/** The tenant of the operator: it owns no directory, only the list of tenants, the signing keys and its own audit log. */
export const operatorTenant = '00000000-0000-0000-0000-000000000000'

export const actorTypes = ['api_key', 'oauth_client', 'oidc', 'operator', 'system'] as const

/** Who acts: what the guard made of the credential. It goes first into every service call. */
export interface Actor {
  readonly type: (typeof actorTypes)[number]
  /** The credential's id; for a person who signed in, the identity's id; for the server itself, the job's name. */
  readonly id: string
  readonly tenantId: string
  /** The identity that the credential stands for, or null for a machine. */
  readonly identityId: string | null
  readonly scopes: ReadonlySet<Scope>
  /** What the identity is in the tenant; `API` for a credential without one. */
  readonly authorities: ReadonlySet<Authority>
  /** Groups that the person's identity provider vouches for, by id or by name, beside those of the directory. */
  readonly groups?: readonly string[]
  /** When the credential ends; null: never, as for a person and for the operator. */
  readonly expiresAt: Date | null
}

export function may(actor: Actor, scope: Scope): boolean {
  return actor.scopes.has(scope)
}

/** The actor for what the server does on its own account, such as writing down that a grant has expired. */
export function systemActor(tenantId: string, job: string): Actor {
  return {
    type: 'system',
    id: job,
    tenantId,
    identityId: null,
    scopes: new Set(),
    authorities: new Set(),
    expiresAt: null,
  }
}
