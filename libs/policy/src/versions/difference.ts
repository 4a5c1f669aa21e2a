import { isDeepStrictEqual } from 'node:util'
import type { PolicyDocument, StoredLink } from '../policies/policy-document.ts'
import type { StoredRule } from '../rules/rule-forms.ts'
import type { FieldDifference, LinkDifference, RuleDifference } from './versions.dto.ts'

interface Parts {
  readonly fields: FieldDifference[]
  readonly rules: RuleDifference[]
  readonly links: LinkDifference[]
}

/** What has become of one version of a policy in another; `before` is null where there was none. */
export function difference(before: PolicyDocument | null, after: PolicyDocument): Parts {
  return {
    fields: fields(before ?? {}, after),
    rules: rules(before?.rules ?? [], after.rules),
    links: links(before?.links ?? [], after.links),
  }
}

function fields(before: Partial<PolicyDocument>, after: PolicyDocument): FieldDifference[] {
  const { rules: _r, links: _l, ...now } = after
  const old = new Map<string, unknown>(Object.entries(before))
  return Object.entries(now).flatMap(([field, value]) =>
    isDeepStrictEqual(old.get(field), value) ? [] : [{ field, before: old.get(field) ?? null, after: value }],
  )
}

function rules(before: readonly StoredRule[], after: readonly StoredRule[]): RuleDifference[] {
  const [old, now] = [new Map(before.map((rule) => [rule.id, rule])), new Set(after.map(({ id }) => id))]
  const removed = before.filter(({ id }) => !now.has(id)).map((rule) => ruleChange('removed', rule, null))
  const rest = after.flatMap((rule) => {
    const was = old.get(rule.id) ?? null
    if (was === null) return [ruleChange('added', null, rule)]
    if (was.policy_text !== rule.policy_text) return [ruleChange('changed', was, rule)]
    return was.ordinal === rule.ordinal ? [] : [ruleChange('moved', was, rule)]
  })
  return [...removed, ...rest]
}

function ruleChange(
  change: RuleDifference['change'],
  before: StoredRule | null,
  after: StoredRule | null,
): RuleDifference {
  const rule_id = (after ?? before)?.id ?? ''
  return { rule_id, change, before: before?.policy_text ?? null, after: after?.policy_text ?? null }
}

function links(before: readonly StoredLink[], after: readonly StoredLink[]): LinkDifference[] {
  const [old, now] = [before, after].map((all) => new Set(all.map(({ id }) => id)))
  const named = (change: LinkDifference['change'], { id, rule_id }: StoredLink): LinkDifference => ({
    link_id: id,
    rule_id,
    change,
  })
  return [
    ...before.filter(({ id }) => !now?.has(id)).map((link) => named('removed', link)),
    ...after.filter(({ id }) => !old?.has(id)).map((link) => named('added', link)),
  ]
}
