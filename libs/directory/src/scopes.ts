import { DomainError, may, type Actor, type Scope } from '#kernel'

/**
 * The scopes of a credential that the actor makes: what was asked for, or all that the actor has. Nobody can hand out
 * more than they have. @throws DomainError `forbidden` naming what is too much
 */
export function scopesToGive(actor: Actor, wanted: readonly Scope[] = [...actor.scopes]): Scope[] {
  const excess = wanted.filter((scope) => !may(actor, scope))
  if (excess.length > 0) {
    throw new DomainError('forbidden', `You cannot give what you do not have: ${excess.join(', ')}`, {
      excess_scopes: excess,
    })
  }
  return [...wanted]
}
