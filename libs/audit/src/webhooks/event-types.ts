import { DomainError, eventKinds, may, type Actor, type Scope } from '#kernel'

const scopeOf: ReadonlyMap<string, Scope> = new Map(Object.entries(eventKinds))

const kinds = [...scopeOf.keys()]

/** A type of events, or all of a kind. */
export const eventTypeForm = {
  pattern: new RegExp(`^(?:${kinds.join('|')})\\.(?:\\*|[a-z][a-z_]*)$`),
  words: `\`kind.verb\` such as grant.revoked, or \`kind.*\`; the kinds are ${kinds.join(', ')}`,
}

/**
 * Whoever has events sent somewhere can read what they carry. @param choices types of events, none of which means all
 * @throws DomainError `forbidden` naming the scopes that are missing
 */
export function checkMayRead(actor: Actor, ...choices: readonly (readonly string[])[]): void {
  const wanted = choices.flatMap((types) => (types.length === 0 ? kinds : types.map(kindOf)))
  const needed = new Set(wanted.flatMap((kind) => scopeOf.get(kind) ?? []))
  const missing = [...needed].filter((scope) => !may(actor, scope))
  if (missing.length === 0) return
  const message = `These events carry what the credential may not read: it lacks ${missing.join(', ')}`
  throw new DomainError('forbidden', message, { required_scopes: missing })
}

function kindOf(type: string): string {
  return type.slice(0, type.indexOf('.'))
}
