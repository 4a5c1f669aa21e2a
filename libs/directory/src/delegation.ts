import { DomainError, may, type Actor, type Scope } from '#kernel'

/*
 * What an actor can give to a credential that it makes: never more than it has. What it has made stands on its own from
 * then on, also when the maker is revoked.
 */

const powerOverPeople: readonly Scope[] = ['identities:write', 'grants:write']

/** What was asked for, or all that the actor has. @throws DomainError `forbidden` naming what is too much */
export function scopesToGive(actor: Actor, wanted: readonly Scope[] = [...actor.scopes]): Scope[] {
  const excess = wanted.filter((scope) => !may(actor, scope))
  if (excess.length > 0) {
    throw new DomainError('forbidden', `You cannot give what you do not have: ${excess.join(', ')}`, {
      excess_scopes: excess,
    })
  }
  return [...wanted]
}

/** Whom the credential stands for: nobody, or the actor's own identity. @throws DomainError `forbidden` */
export function identityToGive(actor: Actor, wanted: string | null = null): string | null {
  if (wanted !== null && wanted !== actor.identityId) {
    needPowerOverPeople(actor, 'identity_id', 'identity_id can only be your own identity')
  }
  return wanted
}

/** Who may change people and their grants at will may also let a credential speak for them. @throws DomainError `forbidden` */
export function needPowerOverPeople(actor: Actor, field: string, otherwise: string): void {
  if (powerOverPeople.every((scope) => may(actor, scope))) return
  const needed = powerOverPeople.join(' and ')
  throw new DomainError('forbidden', `${otherwise}: to let it speak for others takes ${needed}`, {
    field,
    required_scopes: powerOverPeople,
  })
}

/** When the credential ends: by default with the actor's own. @throws DomainError `invalid_body` when it would be later */
export function endToGive(actor: Actor, wanted: string | null | undefined): string | null {
  const latest = actor.expiresAt
  if (latest === null) return wanted ?? null
  if (wanted === undefined) return latest.toISOString()
  if (wanted === null || new Date(wanted) > latest) {
    const message = `expires_at must not be later than ${latest.toISOString()}, when the credential of this request ends`
    throw new DomainError('invalid_body', message, { field: 'expires_at', latest: latest.toISOString() })
  }
  return wanted
}

/** Whether the actor could make such a credential. @throws DomainError `forbidden` saying what is too much */
export function mayGive(
  actor: Actor,
  {
    scopes,
    identity_id,
    expires_at,
  }: { scopes: readonly Scope[]; identity_id: string | null; expires_at: string | null },
): void {
  scopesToGive(actor, scopes)
  identityToGive(actor, identity_id)
  const latest = actor.expiresAt
  if (latest === null || (expires_at !== null && new Date(expires_at) <= latest)) return
  const message = `It would work for longer than the credential of this request, which ends at ${latest.toISOString()}`
  throw new DomainError('forbidden', message, { latest: latest.toISOString() })
}
