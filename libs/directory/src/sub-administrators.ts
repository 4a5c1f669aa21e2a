import { DomainError, type Actor } from '#kernel'

/**
 * Who is a sub-administrator and nothing more administers the sources whose management group they are a member of, and
 * what comes of those. Their identity; null for everybody else, whose authorities and scopes alone decide.
 * @throws DomainError `forbidden` for such a credential that stands for nobody
 */
export function subAdministrator({ authorities, identityId }: Actor): string | null {
  const limited = authorities.size > 0 && [...authorities].every(isSubAdministrator)
  if (!limited) return null
  if (identityId === null) throw new DomainError('forbidden', 'A sub-administrator is a person')
  return identityId
}

export function isSubAdministrator(authority: string): boolean {
  return authority.endsWith('_SUBADMIN')
}
