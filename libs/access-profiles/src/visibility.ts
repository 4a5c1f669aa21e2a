import { DomainError, type Actor } from '#kernel'

/** The identity of whom the actor sees and changes no more than the sources it manages, or null: it sees all. */
export type Sight = string | null

/** A person who is a sub-administrator and nothing more is limited to the sources whose management group has it as a member. */
export function sightOf({ authorities, identityId }: Actor): Sight {
  const limited = authorities.size > 0 && [...authorities].every((authority) => authority.endsWith('_SUBADMIN'))
  if (!limited) return null
  if (identityId === null) throw new DomainError('forbidden', 'A sub-administrator is a person')
  return identityId
}
