import type { LiveDecision } from '../engine/types.ts'

interface RuleName {
  readonly policy_id: string
  readonly rule_id: string
}

/** What the live policies decided. */
export interface Answer {
  readonly permitted: boolean
  readonly decision: 'allow' | 'deny'
  /** The rules that decided, in the order of priority and of their policies. */
  readonly rules: readonly RuleName[]
  readonly matching_policy_ids: readonly string[]
  readonly matching_rule_ids: readonly string[]
  readonly errors: readonly (RuleName & { readonly message: string })[]
  readonly reason: string
  readonly notices: readonly string[]
  readonly advice: readonly string[]
  readonly audit_session: boolean
  /** Of the set of policies that decided: it grows with each save. */
  readonly set_version: number
}

/** The engine knows rules as `policy/rule` or `policy/template/link`. */
export function answerOf(decision: LiveDecision, set_version: number): Answer {
  const ids = decision.matching_policy_ids.map(split)
  return {
    permitted: decision.permitted,
    decision: decision.decision,
    rules: ids,
    matching_policy_ids: [...new Set(ids.map(({ policy_id }) => policy_id))],
    matching_rule_ids: [...new Set(ids.map(({ rule_id }) => rule_id))],
    errors: decision.errors.map(({ policy_id, message }) => ({ ...split(policy_id), message })),
    reason: decision.reason,
    notices: decision.notices,
    advice: decision.advice,
    audit_session: decision.audit_session,
    set_version,
  }
}

function split(id: string): RuleName {
  const [policy_id = id, rule_id = id] = id.split('/')
  return { policy_id, rule_id }
}
