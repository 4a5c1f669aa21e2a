import { Injectable } from '@nestjs/common'
import type { PolicyJson } from '../engine/cedar.ts'
import { PolicyEngine } from '../engine/policy-engine.ts'
import type { EntityScope, ParsedRule, Place, RuleFields } from '../engine/types.ts'
import { about, aboutOneOf, fieldError } from '../findings.ts'
import type { CreatePolicyRule, PolicyRule, UpdatePolicyRule } from './rules.dto.ts'

/** A rule as it is stored, and as a version keeps it. */
export type StoredRule = Omit<PolicyRule, 'policy_id' | 'version' | 'created_at' | 'updated_at'>

type RuleContent = Omit<StoredRule, 'id' | 'ordinal'>

/** The fields of a rule that stand for annotations. */
const named = ['notice', 'advice', 'audit_session'] as const
const isNamed = (name: string): boolean => named.some((each) => each === name)

/** A rule between its forms: fields, Cedar text, Cedar's JSON. Each becomes the others through Cedar itself. */
@Injectable()
export class RuleForms {
  readonly #engine: PolicyEngine

  constructor(engine: PolicyEngine) {
    this.#engine = engine
  }

  /** Every rule of a text, in its order, with its place in it. `field` is where the text stands in the body. */
  async ofText(tenantId: string, text: string, field: string): Promise<(RuleContent & { readonly place: Place })[]> {
    const parsed = await about(field, () => this.#engine.parse(tenantId, text))
    return parsed.map((rule) => ({ ...content(rule), place: rule.place }))
  }

  /** `at` is where the rule stands in the body, such as `rules.0.`. */
  async ofInput(tenantId: string, input: CreatePolicyRule, at: string): Promise<RuleContent> {
    const parsed = await this.#whole(tenantId, input, at)
    if (parsed) return content(await this.#annotated(tenantId, parsed, input, at))
    if (input.effect === undefined)
      throw fieldError(`${at}effect`, 'give policy_text, policy_json, or effect and the other fields of a rule')
    const fields = { ...blank, ...input, effect: input.effect }
    checkScopes(input, fields, at)
    return this.#ofFields(tenantId, fields, at)
  }

  /** What the patch does not name stays, the named annotations too; a text or JSON takes the place of the whole rule. */
  async patched(tenantId: string, rule: RuleContent, patch: UpdatePolicyRule): Promise<RuleContent> {
    const parsed = await this.#whole(tenantId, patch, '')
    if (parsed) return content(await this.#annotated(tenantId, parsed, patch, ''))
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
    const { notice: _n, advice: _a, audit_session: _s, annotations, ...fields } = rule
    const kept = Object.entries(annotations).filter(([name]) => !patch.annotations || isNamed(name))
    const changed = {
      ...fields,
      ...given,
      annotations: { ...Object.fromEntries(kept), ...patch.annotations },
    } as FieldsInput
    checkScopes(patch, changed, '')
    return this.#ofFields(tenantId, changed, '')
  }

  async #whole(
    tenantId: string,
    { policy_text, policy_json }: UpdatePolicyRule,
    at: string,
  ): Promise<ParsedRule | null> {
    if (policy_text !== undefined) {
      const field = `${at}policy_text`
      const rules = await about(field, () => this.#engine.parse(tenantId, policy_text))
      const [rule] = rules
      if (!rule || rules.length > 1)
        throw fieldError(field, `one rule stands here, not ${rules.length}; cedar_policy_set of the policy takes many`)
      return rule
    }
    if (policy_json === undefined) return null
    return about(`${at}policy_json`, () => this.#engine.ruleOfJson(tenantId, policy_json as unknown as PolicyJson))
  }

  async #annotated(tenantId: string, rule: ParsedRule, input: UpdatePolicyRule, at: string): Promise<ParsedRule> {
    if (input.annotations === undefined && named.every((name) => input[name] === undefined)) return rule
    const annotations = annotationsOf(
      { ...input, annotations: { ...rule.fields.annotations, ...input.annotations } },
      at,
    )
    return about(`${at}annotations`, () => this.#engine.ruleOfJson(tenantId, { ...rule.json, annotations }))
  }

  async #ofFields(tenantId: string, input: FieldsInput, at: string): Promise<RuleContent> {
    const fields: RuleFields = {
      effect: input.effect as RuleFields['effect'],
      principal: scope(input, 'principal'),
      action: {
        scope_type: input.action_scope_type as RuleFields['action']['scope_type'],
        action_ids: input.action_ids ?? [],
      },
      resource: scope(input, 'resource'),
      conditions: input.conditions ?? '',
      annotations: annotationsOf(input, at),
    }
    return content(
      await aboutOneOf(
        (field) => at + inBody(field),
        () => this.#engine.rule(tenantId, fields),
      ),
    )
  }
}

type FieldsInput = Omit<CreatePolicyRule, 'policy_text' | 'policy_json' | 'ordinal'> & { readonly effect: string }

const blank = { principal_scope_type: 'any', action_scope_type: 'any', resource_scope_type: 'any' } as const

const parts = ['entity_type', 'entity_id', 'in_type', 'in_id'] as const

const partsOfScope: Readonly<Record<EntityScope['scope_type'], readonly string[]>> = {
  any: [],
  eq: ['entity_type', 'entity_id'],
  in: ['entity_type', 'entity_id'],
  is: ['entity_type'],
  is_in: ['entity_type', 'in_type', 'in_id'],
}

/** Refuses what is given beside a scope that has no place for it: dropped, it would leave the rule wider than it was meant. */
function checkScopes(given: UpdatePolicyRule, fields: FieldsInput, at: string): void {
  for (const side of ['principal', 'resource'] as const) {
    const { scope_type } = scope(fields, side)
    const extra = parts.find(
      (part) => (given[`${side}_${part}`] ?? null) !== null && !partsOfScope[scope_type].includes(part),
    )
    if (extra !== undefined)
      throw fieldError(`${at}${side}_${extra}`, `has no place in ${side}_scope_type ${scope_type}`)
  }
  if (fields.action_scope_type === 'any' && given.action_ids !== undefined && given.action_ids.length > 0)
    throw fieldError(`${at}action_ids`, 'has no place in action_scope_type any')
}

function scope(input: FieldsInput, side: 'principal' | 'resource'): EntityScope {
  return {
    scope_type: input[`${side}_scope_type`] as EntityScope['scope_type'],
    entity_type: input[`${side}_entity_type`] ?? null,
    entity_id: input[`${side}_entity_id`] ?? null,
    in_type: input[`${side}_in_type`] ?? null,
    in_id: input[`${side}_in_id`] ?? null,
  }
}

/** The engine's `principal.entity_id` is `principal_entity_id` in the body, its `action.action_ids` are `action_ids`. */
function inBody(field: string): string {
  return field.replace(/^action\.(?=action_ids)/, '').replace(/^(principal|action|resource)\./, '$1_')
}

/** `notice: null` takes the annotation away; what is not given stays. */
function annotationsOf(input: Omit<UpdatePolicyRule, 'effect'>, at: string): Record<string, string> {
  const { notice, advice, audit_session } = input
  const given = {
    ...input.annotations,
    ...(notice !== undefined && { notice }),
    ...(advice !== undefined && { advice }),
    ...(audit_session !== undefined && { audit_session: audit_session ? null : 'false' }),
  }
  const kept = Object.entries(given).filter(([, value]) => value !== null)
  const wrong = kept.find(([, value]) => typeof value !== 'string')
  if (wrong) throw fieldError(`${at}annotations`, `${wrong[0]} must be a text`)
  return Object.fromEntries(kept) as Record<string, string>
}

function content({ json, text, fields, notice, slots }: ParsedRule): RuleContent {
  const { principal, action, resource } = fields
  return {
    effect: fields.effect,
    principal_scope_type: principal.scope_type,
    principal_entity_type: principal.entity_type ?? null,
    principal_entity_id: principal.entity_id ?? null,
    principal_in_type: principal.in_type ?? null,
    principal_in_id: principal.in_id ?? null,
    action_scope_type: action.scope_type,
    action_ids: [...(action.action_ids ?? [])],
    resource_scope_type: resource.scope_type,
    resource_entity_type: resource.entity_type ?? null,
    resource_entity_id: resource.entity_id ?? null,
    resource_in_type: resource.in_type ?? null,
    resource_in_id: resource.in_id ?? null,
    conditions: fields.conditions,
    annotations: { ...fields.annotations },
    notice: notice.notice,
    advice: notice.advice,
    audit_session: notice.audit_session,
    slots: [...slots],
    policy_text: text,
    policy_json: json as unknown as Record<string, unknown>,
  }
}
