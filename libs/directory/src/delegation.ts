import { DomainError, may, type Actor, type Scope } from '#kernel'

/*
 * What an actor can give to a credential that it makes: never more than it has. What it has made stands on its own from
 * then on, also when the maker is revoked.
 */

const powerOverPeople: readonly Scope[] = ['identities:write', 'grants:write']

/** Whom no authority limits: an ORG_ADMIN, and a credential that stands for nobody. */
export function isAdministrator({ authorities }: Actor): boolean {
  return authorities.has('ORG_ADMIN') || authorities.has('API')
}

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

/**
 * Whom the credential stands for: nobody, or the actor's own identity. One that stands for nobody has the authority of an
 * administrator. @throws DomainError `forbidden`
 */
export function identityToGive(actor: Actor, wanted: string | null = null): string | null {
  if (wanted === actor.identityId) return wanted
  if (wanted !== null) needPowerOverPeople(actor, 'identity_id', 'identity_id can only be your own identity')
  else if (!isAdministrator(actor)) {
    const message = `identity_id must be your own, ${actor.identityId}: what stands for nobody has the authority of an ORG_ADMIN`
    throw new DomainError('forbidden', message, { field: 'identity_id' })
  }
  return wanted
}

/**
 * Who may change people, their authorities and their grants at will may also let a credential speak for them.
 * @throws DomainError `forbidden`
 */
export function needPowerOverPeople(actor: Actor, field: string, otherwise: string): void {
  const lacking = powerOverPeople.some((scope) => !may(actor, scope))
    ? { needed: powerOverPeople.join(' and '), required_scopes: powerOverPeople }
    : isAdministrator(actor)
      ? null
      : { needed: 'the authority ORG_ADMIN', required_authorities: ['ORG_ADMIN'] }
  if (lacking === null) return
  const { needed, ...required } = lacking
  throw new DomainError('forbidden', `${otherwise}: to let it speak for others takes ${needed}`, { field, ...required })
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
