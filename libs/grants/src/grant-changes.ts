import type { Change } from '#audit'
import type { Actor } from '#kernel'
import type { GrantView, TimelineEntry } from './grants.dto.ts'

/** What a grant's timeline keeps of a change. */
export function entry(event: string, at: Date, actor: Actor, reason?: string | null): TimelineEntry {
  return { event, at: at.toISOString(), actor: { type: actor.type, id: actor.id }, ...(reason && { reason }) }
}

export function change(verb: string, grant: GrantView): Change {
  return { action: `grant.${verb}`, resource: { type: 'grant', id: grant.id }, data: grant }
}

/** @param covered the grants that ended and leave access which another live grant still covers */
export function ending(verb: 'expired' | 'revoked', grant: GrantView, covered: ReadonlySet<string>): Change {
  const access_ended = !covered.has(grant.id)
  const metadata = { access_ended, ...(grant.revoke && { reason: grant.revoke.reason }) }
  return { ...change(verb, grant), data: { ...grant, access_ended }, metadata }
}
