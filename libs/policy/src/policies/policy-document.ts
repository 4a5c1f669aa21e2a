import type { PolicyJson, PolicySet } from '../engine/cedar.ts'
import { linked } from '../engine/links.ts'
import type { LiveRule, RuleSet, TemplateLink } from '../engine/types.ts'
import type { StoredRule } from '../rules/rule-forms.ts'
import type { PolicySettings } from './policies.dto.ts'
import type { RuleOrigin } from './rule-origins.ts'

/** A template's slots, filled. */
export interface StoredLink {
  readonly id: string
  readonly rule_id: string
  readonly principal_type: string | null
  readonly principal_id: string | null
  readonly resource_type: string | null
  readonly resource_id: string | null
}

/** A policy whole: what a save replaces, and what a version keeps. */
export interface PolicyDocument extends PolicySettings {
  /** In their order. */
  readonly rules: readonly StoredRule[]
  readonly links: readonly StoredLink[]
}

/** A document that is about to be saved. */
export interface PolicyDraft {
  readonly document: PolicyDocument
  /** By rule id; a rule that the request does not bring has none. */
  readonly origins: ReadonlyMap<string, RuleOrigin>
}

const isTemplate = ({ slots }: StoredRule): boolean => slots.length > 0
const json = ({ policy_json }: StoredRule): PolicyJson => policy_json as unknown as PolicyJson

/** What fills the slots of a link's template. */
export function linkValues(link: Omit<StoredLink, 'id' | 'rule_id'>): TemplateLink['values'] {
  const { principal_type, principal_id, resource_type, resource_id } = link
  return {
    ...(principal_type !== null &&
      principal_id !== null && { '?principal': { type: principal_type, id: principal_id } }),
    ...(resource_type !== null && resource_id !== null && { '?resource': { type: resource_type, id: resource_id } }),
  }
}

/** The document as the engine checks it. A rule is given as its own text where the request brought one. */
export function ruleSet({ document, origins }: PolicyDraft): RuleSet {
  const sources = (rules: readonly StoredRule[]) =>
    Object.fromEntries(rules.map((rule) => [rule.id, origins.get(rule.id)?.text ?? rule.policy_text]))
  return {
    rules: sources(document.rules.filter((rule) => !isTemplate(rule))),
    templates: sources(document.rules.filter(isTemplate)),
    links: Object.fromEntries(
      document.links.map((link) => [link.id, { template_id: link.rule_id, values: linkValues(link) }]),
    ),
  }
}

/** The rules of the document as they decide; ids as in the live set. @throws DomainError for a link that does not fit */
export function liveRules(policyId: string, { rules, links, priority }: PolicyDocument): LiveRule[] {
  const found = rules.flatMap((rule) => {
    const id = `${policyId}/${rule.id}`
    if (!isTemplate(rule)) return [{ id, json: json(rule) }]
    const own = links.filter(({ rule_id }) => rule_id === rule.id)
    return own.map((link) => ({ id: `${id}/${link.id}`, json: linked(json(rule), linkValues(link)) }))
  })
  return found.map((each, ordinal) => ({ ...each, priority, ordinal }))
}

/** The document as a policy set in Cedar's own JSON. */
export function cedarJson({ rules, links }: PolicyDocument): PolicySet {
  return {
    staticPolicies: Object.fromEntries(rules.filter((rule) => !isTemplate(rule)).map((rule) => [rule.id, json(rule)])),
    templates: Object.fromEntries(rules.filter(isTemplate).map((rule) => [rule.id, json(rule)])),
    templateLinks: links.map((link) => ({
      templateId: link.rule_id,
      newId: link.id,
      values: linkValues(link) as Record<string, { type: string; id: string }>,
    })),
  }
}

/** The rules in order as one Cedar text; links have no text in Cedar. */
export function cedarText({ rules }: PolicyDocument): string {
  return rules.map(({ policy_text }) => `${policy_text}\n`).join('\n')
}
