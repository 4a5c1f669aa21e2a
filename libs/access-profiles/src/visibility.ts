import { DomainError, type Actor } from '#kernel'
import type { Fragment } from '#platform'
import { managedBy } from './access-profiles.fields.ts'

/**
 * What of the profiles the actor sees and changes, as conditions on the profile `t`: a person who is a sub-administrator
 * and nothing more, only those of the sources whose management group has them as a member; everybody else, all.
 */
export function visibleTo(actor: Actor): Fragment[] {
  return isLimited(actor) ? [managedBy(subadministrator(actor))] : []
}

export function isLimited({ authorities }: Actor): boolean {
  return authorities.size > 0 && [...authorities].every((authority) => authority.endsWith('_SUBADMIN'))
}

function subadministrator({ identityId }: Actor): string {
  if (identityId === null) throw new DomainError('forbidden', 'A sub-administrator is a person')
  return identityId
}
