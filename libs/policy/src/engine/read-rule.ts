import type { PolicyToJsonAnswer, PolicyToTextAnswer } from '@cedar-policy/cedar-wasm/nodejs'
import { findings } from './cedar-findings.ts'
import type { PolicyJson } from './cedar.ts'
import type { Cedar, CedarApi } from './instance.ts'
import { depthOf } from './json-depth.ts'
import { largeNumber } from './large-number.ts'
import { limits } from './limits.ts'
import { Refusal } from './refusal.ts'
import type { Place } from './types.ts'

/** A rule as Cedar reads it, and the text of its conditions alone. */
export interface ReadRule {
  readonly json: PolicyJson
  readonly text: string
  readonly conditions: string
}

export interface Source {
  readonly within: string | null
  /** Where `within` begins in the text that the caller gave. */
  readonly shift?: number
}

/** Refuses what JSON would not bring back: whole numbers that JavaScript rounds, and what Cedar writes deeper than it reads. */
export function ruleOfText(api: CedarApi, text: string, source: Source): PolicyJson {
  const answer = readText(api, text)
  if (answer.type === 'failure') throw new Refusal(findings(answer.errors, { ruleId: null, ...source }))
  const large = largeNumber(text)
  if (large !== null) {
    const message = `\`${text.slice(large.start, large.end)}\` is a whole number beyond 2^53`
    throw unkept(message, `use at most ${Number.MAX_SAFE_INTEGER}`, large, source)
  }
  const { json } = answer
  if (depthOf(json) <= limits.expressionJson) return json
  const message = `operators stand more than ${limits.expressionJson / 2} deep within one another`
  throw unkept(
    message,
    'move conditions into clauses of their own, or into sets',
    { start: 0, end: text.length },
    source,
  )
}

function unkept(message: string, help: string, { start, end }: Place, { within, shift = 0 }: Source): Refusal {
  const place = within === null ? null : { start: Math.max(0, start + shift), end: Math.max(0, end + shift) }
  return new Refusal([{ rule_id: null, message, help, place }])
}

export function readText(api: CedarApi, text: string): PolicyToJsonAnswer {
  return hasSlots(text) ? api.templateToJson(text) : api.policyToJson(text)
}

export function readJson(api: CedarApi, json: PolicyJson): PolicyToTextAnswer {
  return slotsOf(json).length > 0 ? api.templateToText(json) : api.policyToText(json)
}

/** By Cedar's text and back: what is kept is what Cedar reads, and one rule has one JSON and one text. */
export function readRule(cedar: Cedar, json: PolicyJson): ReadRule {
  return cedar.call((api) => {
    const back = ruleOfText(api, textOf(api, json), { within: null })
    const { conditions } = back
    return {
      json: back,
      text: textOf(api, back),
      conditions: conditions.length === 0 ? '' : textOfConditions(api, conditions),
    }
  })
}

function textOf(api: CedarApi, json: PolicyJson): string {
  const answer = readJson(api, json)
  if (answer.type === 'failure') throw new Refusal(findings(answer.errors, { ruleId: null, within: null }))
  return answer.text
}

/** The scopes of a rule about everything. */
export const anything = { principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' } } as const
const head = 'permit(principal, action, resource)'

function textOfConditions(api: CedarApi, conditions: PolicyJson['conditions']): string {
  const text = textOf(api, { effect: 'permit', ...anything, conditions })
  if (!text.startsWith(head) || !text.endsWith(';')) throw new Error('Cedar writes a bare permit in another way')
  return text.slice(head.length, -1).trim()
}

/**
 * Parsed alone, as the conditions of a rule about everything: Cedar takes exactly one statement, so a semicolon cannot
 * begin another. The line break ends a comment.
 */
export function conditionsOf(api: CedarApi, conditions: string): PolicyJson['conditions'] {
  if (conditions.trim() === '') return []
  const before = `${head}\n`
  const text = `${before}${conditions}\n;`
  return ruleOfText(api, text, { within: text, shift: -before.length }).conditions
}

export function hasSlots(text: string): boolean {
  return /\?(?:principal|resource)\b/.test(text.replace(/\/\/[^\n\r]*|"[^"\\]*(?:\\.[^"\\]*)*"/gs, ' '))
}

/** The slots of a template's scope, the only place where Cedar lets them stand; of any JSON, whether a policy or not. */
export function slotsOf(json: PolicyJson): ('?principal' | '?resource')[] {
  const slotted = (scope: unknown): boolean => isObject(scope) && ('slot' in scope || slotted(scope.in))
  return [
    ...(slotted(json.principal) ? ['?principal' as const] : []),
    ...(slotted(json.resource) ? ['?resource' as const] : []),
  ]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
