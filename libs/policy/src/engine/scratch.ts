import { DomainError } from '#kernel'
import { checkEntities, checkEntityRef } from './entity-limits.ts'
import { invalid } from './limit-errors.ts'
import { noticeOf, noticesOf } from './notices.ts'
import type { EvaluateInput, RawAnswer } from './operations.ts'
import { hasSlots, slotsOf } from './read-rule.ts'
import { checkRuleSet, checkSchema } from './source-limits.ts'
import { checkPolicyText } from './text-limits.ts'
import type { Decision, Finding, Place, RuleSource, ScratchFailure, ScratchRequest, ScratchSet } from './types.ts'
import { checkValue } from './value-limits.ts'

/** A set within the limits, as the sandbox takes it. */
export interface CheckedScratch {
  readonly input: Omit<EvaluateInput, 'requests'>
  /** The ids in the order in which policies, and then links, were given. */
  readonly order: ReadonlyMap<string, number>
  /** Where the statements of a text stand. */
  readonly places: readonly Place[]
}

/** @throws DomainError `invalid_body` */
export function checkedScratch({ policies, templates = {}, links = {}, entities, schema }: ScratchSet): CheckedScratch {
  checkEntities(entities, 'entities')
  if (schema !== null) checkSchema(schema, 'schema')
  const places = typeof policies === 'string' ? checkPolicyText(policies, 'policies') : []
  const sources = typeof policies === 'string' ? byPosition(policies, places) : policies
  const entries = Object.entries(sources)
  const set = {
    rules: Object.fromEntries(entries.filter(([, source]) => !isTemplate(source))),
    templates: { ...Object.fromEntries(entries.filter(([, source]) => isTemplate(source))), ...templates },
    links,
  }
  // The statements of a text have been checked with it, and an empty text is an empty set.
  checkRuleSet(typeof policies === 'string' ? { ...set, rules: {}, templates } : set, 'policies')
  const more = Object.keys(set.templates).length + Object.keys(links).length
  const text = typeof policies === 'string' && more === 0 ? policies : null
  return {
    input: { set, text, entities, schema },
    order: new Map([...Object.keys(sources), ...Object.keys(links)].map((id, index) => [id, index])),
    places,
  }
}

/** What of one question is beyond the limits, or cannot be said in Cedar; null when nothing is. */
export function scratchFailure(request: ScratchRequest): ScratchFailure | null {
  try {
    for (const part of ['principal', 'action', 'resource'] as const) checkEntityRef(request[part], part)
    const { context } = request
    if (typeof context !== 'object' || context === null || Array.isArray(context))
      throw invalid('context', 'must be an object')
    checkValue(context, 'context')
    return null
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { error: { message: error.message, findings: [] } }
  }
}

/** Cedar counts the statements of a text, templates among them. */
function byPosition(text: string, places: readonly Place[]): Record<string, string> {
  return Object.fromEntries(places.map(({ start, end }, index) => [`policy${index}`, text.slice(start, end)]))
}

function isTemplate(source: RuleSource): boolean {
  if (typeof source === 'string') return hasSlots(source)
  return typeof source === 'object' && source !== null && slotsOf(source).length > 0
}

/** Findings in one statement of a text, as places in the text. */
export function inText(findings: readonly Finding[], places: readonly Place[]): Finding[] {
  return findings.map((finding) => {
    const start = places[Number(/^policy(\d+)$/.exec(finding.rule_id ?? '')?.[1])]?.start
    if (finding.place === null || start === undefined) return finding
    return { ...finding, place: { start: finding.place.start + start, end: finding.place.end + start } }
  })
}

/** @param annotations of the policies that decided, by id */
export function scratchDecision(
  answer: RawAnswer,
  order: ReadonlyMap<string, number>,
  annotations: Readonly<Record<string, Readonly<Record<string, string | null>>>>,
): Decision | ScratchFailure {
  if ('findings' in answer)
    return { error: { message: answer.findings.map(({ message }) => message).join('; '), findings: answer.findings } }
  const place = (id: string): number => order.get(id) ?? order.size
  const reason = answer.reason.toSorted((left, right) => place(left) - place(right))
  const permitted = answer.decision === 'allow'
  return {
    permitted,
    decision: answer.decision,
    matching_policy_ids: reason,
    errors: answer.errors
      .toSorted((left, right) => place(left.policyId) - place(right.policyId))
      .map(({ policyId, message }) => ({ policy_id: policyId, message })),
    reason: reasonText(permitted, reason.length),
    notices: noticesOf(reason.map((id) => ({ notice: noticeOf(annotations[id] ?? {}) }))),
  }
}

function reasonText(permitted: boolean, count: number): string {
  if (count === 0) return 'No policy permits this'
  return `${permitted ? 'Permitted' : 'Forbidden'} by ${count === 1 ? 'a policy' : `${count} policies`}`
}
