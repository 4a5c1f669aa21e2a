/**
 * What a person is in the tenant, beside what the credential may do: an administrator of everything, of roles or of
 * sources; a sub-administrator of the sources whose management group has them as a member. The names are SailPoint's
 * user levels. Access needs both, the authority where a route asks for one and the scope: each limits the other.
 */
export const authorities = ['ORG_ADMIN', 'ROLE_ADMIN', 'ROLE_SUBADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN'] as const

/** `API`: a credential that stands for no person. It is limited by its scopes alone. */
export type Authority = (typeof authorities)[number] | 'API'

/** Authorities that one person cannot have together. */
const exclusive: readonly (readonly [Authority, Authority])[] = [
  ['ROLE_ADMIN', 'SOURCE_SUBADMIN'],
  ['ROLE_SUBADMIN', 'SOURCE_ADMIN'],
  ['ROLE_SUBADMIN', 'ROLE_ADMIN'],
  ['SOURCE_SUBADMIN', 'SOURCE_ADMIN'],
]

/** The first two of them that do not go together, or null. */
export function conflictingAuthorities(given: readonly string[]): readonly [Authority, Authority] | null {
  return exclusive.find((pair) => pair.every((authority) => given.includes(authority))) ?? null
}

const known: ReadonlySet<string> = new Set(authorities)

/** The authorities of a credential: those of its identity, as they are stored; `API` without one. */
export function authoritiesOf(identityId: string | null, stored: readonly string[] | null): ReadonlySet<Authority> {
  if (identityId === null) return new Set(['API'])
  return new Set((stored ?? []).filter((each): each is Authority => known.has(each)))
}
