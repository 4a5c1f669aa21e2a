import type { Place } from '../engine/types.ts'
import type { StoredRule } from '../rules/rule-forms.ts'
import type { UpdatePolicyRule } from '../rules/rules.dto.ts'

/** A place in a body: the field, and where in its text; null where the field holds no text of Cedar. */
export interface PlaceInBody {
  readonly field: string
  readonly offset: number | null
  readonly end: number | null
}

/** Where a rule of a document came from in the body, so that findings can say where they are. */
export interface RuleOrigin {
  /** The rule as Cedar text, as much of it as possible as it was written. */
  readonly text: string
  /** Where a place in `text` is in the body. */
  readonly placed: (place: Place | null) => PlaceInBody
}

type Written = Omit<StoredRule, 'id' | 'ordinal'>

/** @param from where `text` begins in the field */
export function originInText(field: string, text: string, from = 0): RuleOrigin {
  return { text, placed: (place) => placeIn(field, place, from) }
}

/** @param rule what became of what was given; @param at where it stands in the body, such as `rules.0.` */
export function originOf(given: UpdatePolicyRule, rule: Written, at: string): RuleOrigin {
  if (given.policy_text !== undefined) return originInText(`${at}policy_text`, given.policy_text)
  if (given.policy_json !== undefined)
    return { text: rule.policy_text, placed: () => ({ field: `${at}policy_json`, offset: null, end: null }) }
  return originInFields(given.conditions ?? rule.conditions, rule, at)
}

/** The conditions as they were written stand behind what the other fields say. */
function originInFields(conditions: string, rule: Written, at: string): RuleOrigin {
  const head = rule.policy_text.slice(0, rule.policy_text.lastIndexOf(`${rule.conditions};`)).trimEnd()
  const from = head.length + 1
  return {
    text: `${head}\n${conditions}\n;`,
    placed: (place) =>
      place === null || place.start < from
        ? { field: at + fieldOf(rule, head, place), offset: null, end: null }
        : placeIn(`${at}conditions`, place, -from),
  }
}

/** Which field made this place of the scope. */
function fieldOf(rule: Written, head: string, place: Place | null): string {
  if (place === null) return 'conditions'
  const before = head.slice(0, place.start).replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/gs, '""')
  if (/,\s*action\b/.test(before) && !/,\s*resource\b/.test(before)) return 'action_ids'
  const side = /,\s*resource\b/.test(before) ? 'resource' : 'principal'
  const isOuter = rule[`${side}_in_type`] === head.slice(place.start, place.end)
  return `${side}_${isOuter ? 'in_type' : 'entity_type'}`
}

function placeIn(field: string, place: Place | null, from: number): PlaceInBody {
  return { field, offset: place && place.start + from, end: place && place.end + from }
}
