import type { CompiledRule } from './compiled-set.ts'
import { adviceOf, noticesOf } from './notices.ts'
import type { LiveDecision, RuleError } from './types.ts'

/** Of the rules that were evaluated: which were satisfied, and which could not be evaluated. */
export interface Outcome {
  readonly satisfied: Pick<ReadonlySet<CompiledRule>, 'has'>
  readonly errors: Pick<ReadonlyMap<CompiledRule, string>, 'get'>
}

/**
 * The decision of a live set, from the rules whose scope holds, in the set's order. Priorities decide one after the
 * other, the highest first; the first with a rule that decides has the word, and a lower one cannot change it:
 *
 *     a rule could not be evaluated    denied: nobody knows whether it would forbid
 *     a forbid is satisfied            denied by all satisfied forbids
 *     a permit is satisfied            permitted by all satisfied permits
 *     none of these                    the next priority decides; after the last, denied
 */
export function decisionOf(rules: readonly CompiledRule[], { satisfied, errors }: Outcome): LiveDecision {
  for (let start = 0; start < rules.length;) {
    const priority = rules[start]?.priority ?? 0
    let end = start
    while (rules[end]?.priority === priority) end++
    const group = rules.slice(start, end)
    const failed = group.flatMap((rule) => {
      const message = errors.get(rule)
      return message === undefined ? [] : [{ policy_id: rule.id, message }]
    })
    if (failed.length > 0) return undecidable(failed, priority)
    const deciding = group.filter((rule) => satisfied.has(rule))
    const forbids = deciding.filter(({ effect }) => effect === 'forbid')
    if (forbids.length > 0) return decided(forbids, priority, false)
    if (deciding.length > 0) return decided(deciding, priority, true)
    start = end
  }
  return { ...denied, reason: 'No rule permits this' }
}

/** When there was no answer at all: Cedar trapped. */
export function notEvaluated(): LiveDecision {
  return { ...denied, reason: 'The rules could not be evaluated, so this is denied' }
}

const denied = {
  permitted: false,
  decision: 'deny',
  matching_policy_ids: [],
  errors: [],
  notices: [],
  advice: [],
  priority: null,
  audit_session: true,
} as const satisfies Partial<LiveDecision>

function undecidable(errors: readonly RuleError[], priority: number): LiveDecision {
  const which = errors.length === 1 ? 'A rule' : `${errors.length} rules`
  return { ...denied, errors, priority, reason: `${which} could not be evaluated, so this is denied` }
}

function decided(rules: readonly CompiledRule[], priority: number, permitted: boolean): LiveDecision {
  const which = rules.length === 1 ? 'a rule' : `${rules.length} rules`
  return {
    permitted,
    decision: permitted ? 'allow' : 'deny',
    matching_policy_ids: rules.map(({ id }) => id),
    errors: [],
    reason: `${permitted ? 'Permitted' : 'Forbidden'} by ${which} of priority ${priority}`,
    notices: noticesOf(rules),
    advice: adviceOf(rules),
    priority,
    audit_session: !permitted || rules.every(({ notice }) => notice.audit_session),
  }
}
