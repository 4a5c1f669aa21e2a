import { DomainError } from '#kernel'
import type { PolicyJson } from './cedar.ts'
import type { TemplateLink } from './types.ts'

/** The rule that a link makes of its template: each slot holds the link's entity. Every slot must have one, and no other. */
export function linked(template: PolicyJson, values: TemplateLink['values']): PolicyJson {
  const used = new Set<string>()
  const fill = <Scope extends PolicyJson['principal'] | PolicyJson['resource']>(scope: Scope): Scope => {
    if ('slot' in scope) return { op: scope.op, entity: valueOf(scope.slot) } as Scope
    if ('in' in scope && scope.in && 'slot' in scope.in)
      return { ...scope, in: { entity: valueOf(scope.in.slot) } } as Scope
    return scope
  }
  const valueOf = (slot: string): { type: string; id: string } => {
    const value = values[slot as keyof typeof values]
    if (!value) throw new DomainError('invalid_body', `the link gives no entity for ${slot}`, { slot })
    used.add(slot)
    return { type: value.type, id: value.id }
  }
  const rule = { ...template, principal: fill(template.principal), resource: fill(template.resource) }
  const unknown = Object.keys(values).find((slot) => !used.has(slot))
  if (unknown !== undefined)
    throw new DomainError('invalid_body', `the template has no slot ${unknown}`, { slot: unknown, allowed: [...used] })
  return rule
}
