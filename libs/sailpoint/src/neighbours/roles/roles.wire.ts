import type { ProfileSelection } from '#access-profiles'
import type { IdentitiesService } from '#directory'
import type { Actor } from '#kernel'
import { segmentsIn } from '../../segment-query.ts'
import type { RoleQuery } from './roles.dto.ts'

/** Roles, of all access profiles. */
export const roles = { inheriting: true } as const satisfies ProfileSelection

/** Which of them are asked for. @throws DomainError `invalid_parameter`, `forbidden` */
export async function selection(
  identities: Pick<IdentitiesService, 'subAdministrator'>,
  actor: Actor,
  query: RoleQuery,
): Promise<ProfileSelection> {
  const named = query['for-subadmin']
  return {
    ...roles,
    ...segmentsIn(query),
    ...(named !== undefined && { managedBy: await identities.subAdministrator(actor, named, 'for-subadmin') }),
  }
}
