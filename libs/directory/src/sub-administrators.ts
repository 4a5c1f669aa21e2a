import type { Actor } from '#kernel'

/**
 * Who is a sub-administrator and nothing more administers the sources whose management group they are a member of, and
 * what comes of those. Their identity; null for everybody else, whose authorities and scopes alone decide.
 */
export function subAdministrator({ authorities, identityId }: Actor): string | null {
  const limited = authorities.size > 0 && [...authorities].every(isSubAdministrator)
  return limited ? identityId : null
}

export function isSubAdministrator(authority: string): boolean {
  return authority.endsWith('_SUBADMIN')
}
