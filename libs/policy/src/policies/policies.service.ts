import { Injectable } from '@nestjs/common'
import { newId, notFound, type Actor } from '#kernel'
import type { JsonText, Precondition } from '#platform'
import { inTurn } from '../engine/pauses.ts'
import { fieldError } from '../findings.ts'
import { RuleForms, type StoredRule } from '../rules/rule-forms.ts'
import type { ForceQuery } from '../rules/rules.dto.ts'
import { PoliciesRepository } from './policies.repository.ts'
import {
  policyDefaults,
  type CreatePolicy,
  type Policy,
  type PolicyCedar,
  type PolicyQuery,
  type UpdatePolicy,
} from './policies.dto.ts'
import { cedarJson, cedarText, type PolicyDocument, type PolicyDraft } from './policy-document.ts'
import { PolicySaves } from './policy-saves.ts'
import { originInText, originOf, type RuleOrigin } from './rule-origins.ts'

/** A rule as a request gives it: without an id, or with the one that it keeps. */
type GivenRule = Omit<StoredRule, 'id' | 'ordinal'> & { readonly ordinal?: number; readonly origin: RuleOrigin }

@Injectable()
export class PoliciesService {
  readonly #policies: PoliciesRepository
  readonly #forms: RuleForms
  readonly #saves: PolicySaves

  constructor(policies: PoliciesRepository, forms: RuleForms, saves: PolicySaves) {
    this.#policies = policies
    this.#forms = forms
    this.#saves = saves
  }

  list(_actor: Actor, page: PolicyQuery): Promise<JsonText> {
    return this.#policies.list(page)
  }

  async get(_actor: Actor, id: string): Promise<Policy> {
    const policy = await this.#policies.find(id)
    if (policy === null) throw notFound('policy', id)
    return policy
  }

  async cedar(_actor: Actor, id: string): Promise<PolicyCedar> {
    const found = await this.#policies.document(id)
    if (found === null) throw notFound('policy', id)
    const { version, document } = found
    return { policy_id: id, cedar_policy_set: cedarText(document), cedar_json: cedarJson(document), version }
  }

  async create(actor: Actor, input: CreatePolicy, id = newId()): Promise<Policy> {
    const draft = await this.draft(actor, { ...policyDefaults, rules: [], links: [] }, input)
    return this.#saves.create(actor, id, draft)
  }

  /** Merges: what the patch does not name stays. New rules take the place of all rules. */
  update(
    actor: Actor,
    id: string,
    patch: UpdatePolicy,
    { force }: ForceQuery,
    precondition: Precondition,
  ): Promise<Policy> {
    return this.#saves.save(actor, id, (before) => this.draft(actor, before, patch), { precondition, force })
  }

  remove(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return this.#saves.remove(actor, id, precondition)
  }

  /** The document with what the body says of it. */
  async draft(
    actor: Actor,
    before: Omit<PolicyDocument, 'name' | 'max_duration_seconds'> & Partial<PolicyDocument>,
    { cedar_policy_set, rules, ...settings }: UpdatePolicy,
  ): Promise<PolicyDraft> {
    if (cedar_policy_set !== undefined && rules !== undefined)
      throw fieldError('rules', 'give either rules or cedar_policy_set')
    const given = await this.#given(actor.tenantId, cedar_policy_set, rules)
    const kept = given && placed(given, before.rules)
    const said = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
    const document = { ...before, ...said, rules: kept?.rules ?? before.rules } as PolicyDocument
    return { document, origins: kept?.origins ?? new Map() }
  }

  async #given(
    tenantId: string,
    text: string | undefined,
    rules: CreatePolicy['rules'],
  ): Promise<GivenRule[] | undefined> {
    if (text !== undefined) {
      const field = 'cedar_policy_set'
      const read = await this.#forms.ofText(tenantId, text, field)
      return read.map(({ place: { start, end }, ...rule }) => ({
        ...rule,
        origin: originInText(field, text.slice(start, end), start),
      }))
    }
    return (
      rules &&
      (await inTurn(rules, async (rule, index) => {
        const at = `rules.${index}.`
        const content = await this.#forms.ofInput(tenantId, rule, at)
        const ordinal = rule.ordinal !== undefined && { ordinal: rule.ordinal }
        return { ...content, ...ordinal, origin: originOf(rule, content, at) }
      }))
    )
  }
}

/** Rules with ids and places. One that says what a rule said before keeps its id, and so its links. */
function placed(
  given: readonly GivenRule[],
  before: readonly StoredRule[],
): { rules: StoredRule[]; origins: Map<string, RuleOrigin> } {
  const free = [...before]
  const origins = new Map<string, RuleOrigin>()
  const rules = given.map(({ origin, ordinal, ...content }, index) => {
    const same = free.findIndex((rule) => rule.policy_text === content.policy_text)
    const id = (same < 0 ? undefined : free.splice(same, 1)[0]?.id) ?? newId()
    origins.set(id, origin)
    return { ...content, id, ordinal: ordinal ?? index + 1 }
  })
  return { rules: inPlace(rules), origins }
}

export function inPlace(rules: readonly StoredRule[]): StoredRule[] {
  return rules.toSorted((a, b) => a.ordinal - b.ordinal || (a.id < b.id ? -1 : 1))
}
