import { scopes, type Scope } from '#kernel'

const family = (name: string, reads: readonly Scope[], manages: readonly Scope[]) => ({
  [`idn:${name}:read`]: reads,
  [`idn:${name}:manage`]: [...reads, ...manages],
})

/** SailPoint's scopes in ours. `manage` implies `read`; `sp:scopes:all` is all that the maker of the token may. */
export const sailPointScopes: Readonly<Record<string, readonly Scope[]>> = {
  'sp:scopes:all': scopes,
  'sp:scopes:default': ['identities:public'],
  ...family('access-profile', ['access_profiles:read'], ['access_profiles:write']),
  ...family('entitlement', ['entitlements:read'], ['entitlements:write']),
  ...family('identity', ['identities:read'], ['identities:write']),
  ...family('sources', ['sources:read'], ['sources:write']),
  ...family('segment', ['segments:read'], ['segments:write']),
  ...family('workgroup', ['groups:read'], ['groups:write']),
  'idn:workgroup:write': ['groups:read', 'groups:write'],
  ...family('role-unchecked', ['access_profiles:read'], ['access_profiles:write']),
  ...family('role-checked', ['access_profiles:read'], ['access_profiles:write']),
  'idn:task-management:read': ['tasks:read'],
  'idn:task-management:write': ['tasks:read'],
  'sp:my-personal-access-tokens:read': ['oauth_clients:read_own'],
  'sp:my-personal-access-tokens:manage': ['oauth_clients:own'],
  'sp:all-personal-access-tokens:read': ['oauth_clients:read_own', 'oauth_clients:read'],
  'sp:all-personal-access-tokens:manage': ['oauth_clients:own', 'oauth_clients:read', 'oauth_clients:write'],
}

/** The narrowest of SailPoint's scopes that stands for one of ours, or ours where none does. */
export function sailPointScope(scope: string): string {
  const granting = Object.entries(sailPointScopes).filter(([, parts]) => (parts as readonly string[]).includes(scope))
  return granting.toSorted(([, a], [, b]) => a.length - b.length)[0]?.[0] ?? scope
}
