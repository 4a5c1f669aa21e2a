import { Injectable } from '@nestjs/common'
import { DomainError, newId, notFound, type Actor } from '#kernel'
import { Precondition, type JsonText } from '#platform'
import { readReference } from '../decisions/references.ts'
import type { PolicyDocument, PolicyDraft, StoredLink } from '../policies/policy-document.ts'
import { PoliciesRepository } from '../policies/policies.repository.ts'
import { inPlace } from '../policies/policies.service.ts'
import { PolicySaves } from '../policies/policy-saves.ts'
import { originOf, type RuleOrigin } from '../policies/rule-origins.ts'
import type { CreatePolicyLink, PolicyLink, LinkQuery } from './links.dto.ts'
import { RuleForms, type StoredRule } from './rule-forms.ts'
import type { CreatePolicyRule, ForceQuery, PolicyRule, RuleQuery, UpdatePolicyRule } from './rules.dto.ts'
import { RulesRepository } from './rules.repository.ts'

const always = new Precondition(undefined)

/** The rules of a policy, one by one, and the links of its templates. Each change is a save of the policy. */
@Injectable()
export class RulesService {
  readonly #rules: RulesRepository
  readonly #policies: PoliciesRepository
  readonly #forms: RuleForms
  readonly #saves: PolicySaves

  constructor(rules: RulesRepository, policies: PoliciesRepository, forms: RuleForms, saves: PolicySaves) {
    this.#rules = rules
    this.#policies = policies
    this.#forms = forms
    this.#saves = saves
  }

  async list(_actor: Actor, policyId: string, page: RuleQuery): Promise<JsonText> {
    await this.#checkPolicy(policyId)
    return this.#rules.list(policyId, page)
  }

  async get(_actor: Actor, policyId: string, id: string): Promise<PolicyRule> {
    const rule = await this.#rules.find(policyId, id)
    if (rule !== null) return rule
    await this.#checkPolicy(policyId)
    throw notFound('rule', id)
  }

  async create(actor: Actor, policyId: string, input: CreatePolicyRule, { force }: ForceQuery): Promise<PolicyRule> {
    const id = newId()
    const change = async (before: PolicyDocument): Promise<PolicyDraft> => {
      const content = await this.#forms.ofInput(actor.tenantId, input, '')
      const ordinal = input.ordinal ?? Math.max(0, ...before.rules.map((rule) => rule.ordinal)) + 1
      return withRules(before, [...before.rules, { ...content, id, ordinal }], [id, originOf(input, content, '')])
    }
    await this.#saves.save(actor, policyId, change, { precondition: always, force, metadata: { rule_id: id } })
    return this.get(actor, policyId, id)
  }

  async update(
    actor: Actor,
    policyId: string,
    id: string,
    patch: UpdatePolicyRule,
    { force }: ForceQuery,
    precondition: Precondition,
  ): Promise<PolicyRule> {
    const change = async (before: PolicyDocument): Promise<PolicyDraft> => {
      const rule = ruleOf(before, id)
      precondition.check((await this.get(actor, policyId, id)).version)
      const { ordinal, ...content } = patch
      const says = Object.values(content).some((value) => value !== undefined)
      const changed = {
        ...rule,
        ...(says && (await this.#forms.patched(actor.tenantId, rule, content))),
        ordinal: ordinal ?? rule.ordinal,
      }
      const rules = before.rules.map((each) => (each.id === id ? changed : each))
      return withRules(before, rules, [id, originOf(patch, changed, '')])
    }
    await this.#saves.save(actor, policyId, change, { precondition: always, force, metadata: { rule_id: id } })
    return this.get(actor, policyId, id)
  }

  async remove(
    actor: Actor,
    policyId: string,
    id: string,
    { force }: ForceQuery,
    precondition: Precondition,
  ): Promise<void> {
    const change = async (before: PolicyDocument): Promise<PolicyDraft> => {
      ruleOf(before, id)
      precondition.check((await this.get(actor, policyId, id)).version)
      const links = before.links.filter(({ rule_id }) => rule_id === id).map((link) => link.id)
      if (links.length > 0)
        throw new DomainError('in_use', 'The template still has links; delete them first', { link_ids: links })
      return withRules(
        before,
        before.rules.filter((rule) => rule.id !== id),
      )
    }
    await this.#saves.save(actor, policyId, change, { precondition: always, force, metadata: { rule_id: id } })
  }

  async links(actor: Actor, policyId: string, ruleId: string, page: LinkQuery): Promise<JsonText> {
    await this.get(actor, policyId, ruleId)
    return this.#rules.links(ruleId, page)
  }

  async link(actor: Actor, policyId: string, ruleId: string, id: string): Promise<PolicyLink> {
    await this.get(actor, policyId, ruleId)
    const link = await this.#rules.findLink(ruleId, id)
    if (link === null) throw notFound('link', id)
    return link
  }

  async createLink(
    actor: Actor,
    policyId: string,
    ruleId: string,
    { principal, resource }: CreatePolicyLink,
    { force }: ForceQuery,
  ): Promise<PolicyLink> {
    const [who, what] = [principal && readReference(principal), resource && readReference(resource)]
    const link: StoredLink = {
      id: newId(),
      rule_id: ruleId,
      principal_type: who ? who.type : null,
      principal_id: who ? who.id : null,
      resource_type: what ? what.type : null,
      resource_id: what ? what.id : null,
    }
    const change = async (before: PolicyDocument): Promise<PolicyDraft> => {
      const { slots } = ruleOf(before, ruleId)
      if (slots.length === 0)
        throw new DomainError('invalid_state', 'The rule has no slots, so there is nothing to link', {
          rule_id: ruleId,
        })
      return { document: { ...before, links: [...before.links, link] }, origins: new Map() }
    }
    const metadata = { rule_id: ruleId, link_id: link.id }
    await this.#saves.save(actor, policyId, change, { precondition: always, force, metadata })
    return this.link(actor, policyId, ruleId, link.id)
  }

  async removeLink(
    actor: Actor,
    policyId: string,
    ruleId: string,
    id: string,
    { force }: ForceQuery,
    precondition: Precondition,
  ): Promise<void> {
    const change = async (before: PolicyDocument): Promise<PolicyDraft> => {
      precondition.check((await this.link(actor, policyId, ruleId, id)).version)
      return { document: { ...before, links: before.links.filter((link) => link.id !== id) }, origins: new Map() }
    }
    const metadata = { rule_id: ruleId, link_id: id }
    await this.#saves.save(actor, policyId, change, { precondition: always, force, metadata })
  }

  async #checkPolicy(id: string): Promise<void> {
    if ((await this.#policies.find(id)) === null) throw notFound('policy', id)
  }
}

function ruleOf({ rules }: PolicyDocument, id: string): StoredRule {
  const rule = rules.find((each) => each.id === id)
  if (!rule) throw notFound('rule', id)
  return rule
}

function withRules(
  before: PolicyDocument,
  rules: readonly StoredRule[],
  ...origins: (readonly [id: string, origin: RuleOrigin])[]
): PolicyDraft {
  return { document: { ...before, rules: inPlace(rules) }, origins: new Map(origins) }
}
