import { findings } from './cedar-findings.ts'
import type { DetailedError, Entity, EntityRef, PolicyJson, PolicySet, SchemaDocument } from './cedar.ts'
import type { Cedar, CedarApi } from './instance.ts'
import { anything, conditionsOf, readJson, readRule, readText, ruleOfText, type ReadRule } from './read-rule.ts'
import { Refusal } from './refusal.ts'
import type { Finding, RuleSet, RuleSource, SchemaSource, ScratchRequest, TemplateLink } from './types.ts'

/*
 * What the sandbox does with a tenant's texts, as functions over Cedar. This file and what it imports are loaded by
 * Node itself in the worker thread: types that can be erased, and no import by `#name`.
 */

export interface RawDecision {
  readonly decision: 'allow' | 'deny'
  readonly reason: readonly string[]
  readonly errors: readonly { readonly policyId: string; readonly message: string }[]
}

export type RawAnswer = RawDecision | { readonly findings: readonly Finding[] }

export interface EvaluateInput {
  readonly set: RuleSet
  /** All the rules of the set as one text, when that is what they came in: Cedar reads it four times as fast. */
  readonly text: string | null
  readonly entities: readonly unknown[]
  readonly schema: SchemaSource | null
  readonly requests: readonly ScratchRequest[]
}

export interface EvaluateOutput {
  readonly answers: readonly RawAnswer[]
  /** Of the policies that decided, by id. */
  readonly annotations: Readonly<Record<string, Readonly<Record<string, string | null>>>>
}

export const operations = {
  /** Each part of a text is one statement: its rule or template. */
  parse(cedar: Cedar, { parts }: { parts: readonly { text: string; start: number }[] }): ReadRule[] {
    return parts.map(({ text, start }) =>
      readRule(
        cedar,
        cedar.call((api) => ruleOfText(api, text, { shift: start, within: text })),
      ),
    )
  },

  /** A rule whose conditions stand in `conditions`, as raw text; those of `json` are replaced. */
  ruleOfFields(cedar: Cedar, { json, conditions }: { json: PolicyJson; conditions: string }): ReadRule {
    const parsed = cedar.call((api) => conditionsOf(api, conditions))
    return readRule(cedar, { ...json, conditions: parsed })
  },

  ruleOfJson(cedar: Cedar, { json }: { json: PolicyJson }): ReadRule {
    return readRule(cedar, json)
  },

  schema(
    cedar: Cedar,
    { schema }: { schema: SchemaSource },
  ): { json: SchemaDocument; resolved: SchemaDocument; text: string; warnings: Finding[] } {
    return cedar.call((api) => {
      const within = typeof schema === 'string' ? schema : null
      const checked = api.checkParseSchema(schema)
      if (checked.type === 'failure') throw new Refusal(findings(checked.errors, { ruleId: null, within }))
      const json = api.schemaToJson(schema)
      if (json.type === 'failure') throw new Refusal(findings(json.errors, { ruleId: null, within }))
      const text = api.schemaToText(schema)
      if (text.type === 'failure') throw new Refusal(findings(text.errors, { ruleId: null, within }))
      const resolved = api.schemaToJsonWithResolvedTypes(text.text)
      if (resolved.type === 'failure') throw new Refusal(findings(resolved.errors, { ruleId: null, within: null }))
      const warnings = findings(json.warnings, { ruleId: null, within })
      return { json: json.json, resolved: resolved.json, text: text.text, warnings }
    })
  },

  validate(
    cedar: Cedar,
    { set, schema }: { set: RuleSet; schema: SchemaSource },
  ): { errors: Finding[]; warnings: Finding[] } {
    const unreadable = cedar.call((api) => parseErrors(api, set))
    if (unreadable.length > 0) return { errors: unreadable, warnings: [] }
    const found = cedar.call((api) => validate(api, set, schema))
    if (found.errors.length === 0) cedar.call((api) => tryRules(api, set))
    return found
  },

  evaluate(cedar: Cedar, { requests, ...input }: EvaluateInput): EvaluateOutput {
    cedar.call((api) => prepare(api, input))
    const answers = requests.map((request) => cedar.call((api) => decide(api, input, request)))
    if (answers.some((answer) => 'findings' in answer)) cedar.call((api) => checkEntities(api, input))
    const deciding = new Set(answers.flatMap((answer) => ('reason' in answer ? answer.reason : [])))
    const annotations = [...deciding].map((id) => [id, cedar.call((api) => annotationsOf(api, input.set, id))])
    return { answers, annotations: Object.fromEntries(annotations) as EvaluateOutput['annotations'] }
  },
} as const

export type Operations = typeof operations
export type Operation = keyof Operations
export type Input<O extends Operation> = Parameters<Operations[O]>[1]
export type Output<O extends Operation> = ReturnType<Operations[O]>

/* ---- Validation ---- */

function rulesOf({ rules, templates }: RuleSet): Record<string, RuleSource> {
  return { ...rules, ...templates }
}

/** Read together, which is quick; one by one only to say where it fails. */
function parseErrors(api: CedarApi, set: RuleSet): Finding[] {
  const together = api.checkParsePolicySet(policySet(set.rules, set.templates, set.links))
  if (together.type === 'success') return []
  const found = Object.entries(rulesOf(set)).flatMap(([id, source]) => {
    const read = typeof source === 'string' ? readText(api, source) : readJson(api, source)
    return read.type === 'success' ? [] : findings(read.errors, { ruleId: id, within: textIn(set, id) })
  })
  return found.length > 0 ? found : findings(together.errors, { ruleId: null, within: null })
}

function validate(api: CedarApi, set: RuleSet, schema: SchemaSource): { errors: Finding[]; warnings: Finding[] } {
  const answer = api.validate({ schema, policies: policySet(set.rules, set.templates, set.links) })
  const within = typeof schema === 'string' ? schema : null
  if (answer.type === 'failure') throw new Refusal(findings(answer.errors, { ruleId: null, within }), 'schema')
  const about = (found: readonly { policyId: string; error: DetailedError }[]): Finding[] =>
    found.flatMap(({ policyId, error }) => findings([error], { ruleId: policyId, within: textIn(set, policyId) }))
  return {
    errors: about(answer.validationErrors),
    warnings: [...about(answer.validationWarnings), ...findings(answer.otherWarnings, { ruleId: null, within: null })],
  }
}

function textIn(set: RuleSet, id: string): string | null {
  const source = rulesOf(set)[set.links?.[id]?.template_id ?? id]
  return typeof source === 'string' ? source : null
}

/** Each condition is evaluated once, on entities without attributes: what traps or does not end does so here. */
function tryRules(api: CedarApi, set: RuleSet): void {
  const staticPolicies = Object.entries(rulesOf(set)).map(([id, source]): [string, PolicyJson] => {
    const json = typeof source === 'string' ? ruleOfText(api, source, { within: source }) : source
    return [id, { ...json, effect: 'permit', ...anything }]
  })
  const trial = { type: 'Trial', id: 'trial' }
  api.isAuthorized({
    principal: trial,
    action: trial,
    resource: trial,
    context: {},
    entities: [],
    policies: { staticPolicies: Object.fromEntries(staticPolicies) },
  })
}

/* ---- Evaluation ---- */

const scratch = 'scratch'

type Scratch = Omit<EvaluateInput, 'requests'>

function prepare(api: CedarApi, { set, text, schema }: Scratch): void {
  const policies = text === null ? policySet(set.rules, set.templates, set.links) : { staticPolicies: text }
  const prepared = api.preparsePolicySet(scratch, policies)
  if (prepared.type === 'failure')
    throw new Refusal(text === null ? parseErrors(api, set) : findings(prepared.errors, { ruleId: null, within: text }))
  if (schema === null) return
  const parsed = api.preparseSchema(scratch, schema)
  if (parsed.type === 'failure')
    throw new Refusal(
      findings(parsed.errors, { ruleId: null, within: typeof schema === 'string' ? schema : null }),
      'schema',
    )
}

/** Cedar reads them anew for each question, and says of none that it was they. */
function checkEntities(api: CedarApi, { entities, schema }: Scratch): void {
  const answer = api.checkParseEntities({ entities: entities as Entity[], schema })
  if (answer.type === 'failure') throw new Refusal(findings(answer.errors, { ruleId: null, within: null }), 'entities')
}

function annotationsOf(api: CedarApi, set: RuleSet, id: string): Readonly<Record<string, string | null>> {
  const source = rulesOf(set)[set.links?.[id]?.template_id ?? id]
  if (source === undefined) return {}
  if (typeof source !== 'string') return source.annotations ?? {}
  const read = readText(api, source)
  return read.type === 'success' ? (read.json.annotations ?? {}) : {}
}

function decide(api: CedarApi, { entities, schema }: Scratch, request: ScratchRequest): RawAnswer {
  const answer = api.statefulIsAuthorized({
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    context: request.context as Parameters<CedarApi['statefulIsAuthorized']>[0]['context'],
    entities: entities as Entity[],
    preparsedPolicySetId: scratch,
    ...(schema === null ? {} : { preparsedSchemaName: scratch, validateRequest: request.validate_request }),
  })
  if (answer.type === 'failure') return { findings: findings(answer.errors, { ruleId: null, within: null }) }
  const { decision, diagnostics } = answer.response
  return {
    decision,
    reason: diagnostics.reason,
    errors: diagnostics.errors.map(({ policyId, error }) => ({ policyId, message: error.message })),
  }
}

function policySet(
  rules: Readonly<Record<string, RuleSource>>,
  templates: Readonly<Record<string, RuleSource>> = {},
  links: Readonly<Record<string, TemplateLink>> = {},
): PolicySet {
  return {
    staticPolicies: { ...rules },
    templates: { ...templates },
    templateLinks: Object.entries(links).map(([newId, { template_id, values }]) => ({
      templateId: template_id,
      newId,
      values: values as Record<string, EntityRef>,
    })),
  }
}
