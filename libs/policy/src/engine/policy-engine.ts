import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common'
import { DomainError } from '#kernel'
import { Readiness } from '#platform'
import type { PolicyJson } from './cedar.ts'
import { CompiledSet } from './compiled-set.ts'
import { Cedar } from './instance.ts'
import { invalid } from './limit-errors.ts'
import type { BatchMemory } from './live-batch.ts'
import { LiveDecisions } from './live-decisions.ts'
import { LiveSets } from './live-sets.ts'
import { noticeOf } from './notices.ts'
import type { Input, Operation, Output } from './operations.ts'
import { slotsOf, type ReadRule } from './read-rule.ts'
import { Refusal } from './refusal.ts'
import { fieldsOf, jsonOf } from './rule-fields.ts'
import { Sandbox } from './sandbox.ts'
import { checkedScratch, inText, scratchDecision, scratchFailure } from './scratch.ts'
import { checkRuleJson, checkRuleSet, checkSchema } from './source-limits.ts'
import { checkPolicyText } from './text-limits.ts'
import type {
  Decision,
  Finding,
  LiveBatch,
  LiveDecision,
  LiveRequest,
  LiveRule,
  LiveSet,
  ParsedRule,
  ParsedSchema,
  PlacedRule,
  Place,
  RuleFields,
  RuleSet,
  RuleSource,
  SchemaSource,
  ScratchFailure,
  ScratchRequest,
  ScratchSet,
  TemplateLink,
  Validation,
} from './types.ts'

/**
 * Cedar. What a tenant wrote is parsed, validated and tried in a thread that may die; the live set, which has been
 * through that, decides in this one. Every refusal is a DomainError: `invalid_body` for what is wrong in a text or a
 * value (details: what, where, the limit), `rate_limited` and `unavailable` when too much waits to be read.
 */
@Injectable()
export class PolicyEngine implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('PolicyEngine')
  readonly #cedar = new Cedar()
  readonly #sandbox: Sandbox
  readonly #sets = new LiveSets()
  readonly #live: LiveDecisions

  constructor(readiness: Readiness, sandbox: Sandbox) {
    this.#sandbox = sandbox
    this.#live = new LiveDecisions(this.#cedar, ({ tenantId, version }, trap) =>
      this.#logger.error(`Cedar trapped on the policies of ${tenantId} (version ${version}): ${trap.message}`),
    )
    readiness.requires(() => this.#answers())
  }

  /** The first call compiles what later calls run: half a second that no decision should wait for. */
  onModuleInit(): void {
    this.#answers()
  }

  /** The server has answered everything by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.#sandbox.stop()
  }

  /** Decides by the live set: denied unless a rule of the highest priority that decides permits; a rule that errors denies. */
  async decide(set: LiveSet, request: LiveRequest): Promise<LiveDecision> {
    return this.#live.decide(await this.#sets.get(set), request)
  }

  /** The decisions of `decide` for each resource, in their order. One memory is for one principal, action and context. */
  async decideMany(set: LiveSet, batch: LiveBatch, memory?: BatchMemory): Promise<readonly LiveDecision[]> {
    return this.#live.decideMany(await this.#sets.get(set), batch, memory)
  }

  /** How rules that are not live would `decide`. They have been validated; they are compiled for this, and not kept. */
  async draft(tenantId: string, rules: readonly LiveRule[]): Promise<(request: LiveRequest) => Promise<LiveDecision>> {
    const set = await CompiledSet.of(tenantId, 'draft', rules)
    return (request) => this.#live.decide(set, request)
  }

  /**
   * Decides by a set that is given with the questions, as Cedar itself does: an erroring policy is skipped and reported.
   * What is wrong with one question is its answer; what is wrong with the set is thrown.
   */
  async evaluate(
    tenantId: string,
    set: ScratchSet,
    requests: readonly ScratchRequest[],
  ): Promise<readonly (Decision | ScratchFailure)[]> {
    const { input, order, places } = checkedScratch(set)
    const failures = requests.map(scratchFailure)
    const sound = requests.filter((_, index) => failures[index] === null)
    const { answers, annotations } = await this.#ask(
      tenantId,
      'evaluate',
      { ...input, requests: sound },
      'policies',
      places,
    )
    const decisions = answers.map((answer) => scratchDecision(answer, order, annotations)).values()
    return failures.map((failure) => failure ?? required(decisions.next().value))
  }

  /** Every rule and template of a text, in the order of the text. */
  async parse(tenantId: string, text: string): Promise<readonly PlacedRule[]> {
    const rules: PlacedRule[] = []
    for (const places of portions(checkPolicyText(text, 'text'))) {
      const parts = places.map(({ start, end }) => ({ text: text.slice(start, end), start }))
      const read = await this.#ask(tenantId, 'parse', { parts }, 'text')
      for (const [index, place] of places.entries()) rules.push({ ...parsedRule(required(read[index])), place })
    }
    return rules
  }

  /** One rule or template of fields; its conditions cannot end the rule and begin another. */
  async rule(tenantId: string, fields: RuleFields): Promise<ParsedRule> {
    const { conditions } = fields
    if (checkPolicyText(conditions, 'conditions').length > 1)
      throw invalid('conditions', 'must be when and unless clauses of one rule, without a semicolon')
    const json = jsonOf(fields)
    return parsedRule(await this.#ask(tenantId, 'ruleOfFields', { json, conditions }, 'conditions'))
  }

  /** One rule or template of Cedar's JSON, checked. */
  async ruleOfJson(tenantId: string, json: PolicyJson): Promise<ParsedRule> {
    checkRuleJson(json, 'json')
    return parsedRule(await this.#ask(tenantId, 'ruleOfJson', { json }, 'json'))
  }

  /** A schema in both its forms. */
  async schema(tenantId: string, schema: SchemaSource): Promise<ParsedSchema> {
    checkSchema(schema, 'schema')
    return this.#ask(tenantId, 'schema', { schema }, 'schema')
  }

  /** Checks a set against a schema (strict), then tries each rule once: what would trap or never end is refused here. */
  async validate(tenantId: string, set: RuleSet, schema: SchemaSource): Promise<Validation> {
    checkRuleSet(set, 'rules')
    checkSchema(schema, 'schema')
    const errors: Finding[] = []
    const warnings: Finding[] = []
    for (const part of partsOf(set)) {
      const found = await this.#ask(tenantId, 'validate', { set: part, schema }, 'rules')
      errors.push(...found.errors)
      warnings.push(...found.warnings)
    }
    return { errors, warnings }
  }

  async #ask<O extends Operation>(
    tenantId: string,
    operation: O,
    input: Input<O>,
    field: string,
    places: readonly Place[] = [],
  ): Promise<Output<O>> {
    try {
      return await this.#sandbox.ask(tenantId, operation, input)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const whole = error.part ?? field
      // The statements of a text are told by their offsets, policies by their ids.
      const of = ({ rule_id }: Finding): string =>
        rule_id === null || places.length > 0 ? whole : `${whole}.${rule_id}`
      throw refused(inText(error.findings, places), of)
    }
  }

  #answers(): void {
    try {
      this.#cedar.call((api) => api.isAuthorized(probe))
    } catch (error) {
      throw new DomainError('unavailable', 'Policies cannot be evaluated just now', undefined, { cause: error })
    }
  }
}

/** Rules that are read in one question: a thread's time limit is for that many, and other tenants come in between. */
const portion = 200

/** At least one, which may be empty. */
function portions<T>(all: readonly T[]): T[][] {
  const count = Math.max(1, Math.ceil(all.length / portion))
  return Array.from({ length: count }, (_, index) => all.slice(index * portion, (index + 1) * portion))
}

/** A set in portions of rules, templates without links, and links, with the templates that they fill. */
function partsOf({ rules, templates = {}, links = {} }: RuleSet): RuleSet[] {
  const linked = new Set(Object.values(links).map(({ template_id }) => template_id))
  const alone = Object.entries(templates).filter(([id]) => !linked.has(id))
  return [
    ...portions(Object.entries(rules)).map((some) => ({ rules: Object.fromEntries(some) })),
    ...(alone.length === 0 ? [] : portions(alone).map((some) => ({ rules: {}, templates: Object.fromEntries(some) }))),
    ...(linked.size === 0 ? [] : portions(Object.entries(links)).map((some) => withTemplates(some, templates))),
  ]
}

function withTemplates(links: readonly [string, TemplateLink][], all: Readonly<Record<string, RuleSource>>): RuleSet {
  const wanted = new Set(links.map(([, { template_id }]) => template_id))
  const templates = Object.entries(all).filter(([id]) => wanted.has(id))
  return { rules: {}, templates: Object.fromEntries(templates), links: Object.fromEntries(links) }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the sandbox answers every question')
  return value
}

const nobody = { type: 'Probe', id: 'probe' }
const probe = {
  principal: nobody,
  action: nobody,
  resource: nobody,
  context: {},
  entities: [],
  policies: { staticPolicies: 'permit(principal, action, resource) when { 1 == 1 };' },
}

/** Refuses also what is deeper than it will be read back: Cedar takes JSON of a policy less deep than it writes. */
function parsedRule({ json, text, conditions }: ReadRule): ParsedRule {
  checkRuleJson(json, 'rule')
  return {
    json,
    text,
    fields: fieldsOf(json, conditions),
    notice: noticeOf(json.annotations ?? {}),
    slots: slotsOf(json),
  }
}

function refused(findings: readonly Finding[], fieldOf: (finding: Finding) => string): DomainError {
  const [first] = findings
  const fields = [...Map.groupBy(findings, fieldOf)].map(([field, found]) => ({
    field,
    message: found.map(({ message, help }) => [message, help].filter(Boolean).join(': ')).join('; '),
  }))
  return new DomainError('invalid_body', fields.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    fields,
    ...(first?.place ? { offset: first.place.start } : {}),
    findings,
  })
}
