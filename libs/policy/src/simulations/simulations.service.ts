import { Injectable } from '@nestjs/common'
import { DomainError, may, notFound, type Actor } from '#kernel'
import type { Answer } from '../decisions/answer.ts'
import { Decisions } from '../decisions/decisions.ts'
import { DecisionRecordsRepository } from '../decisions/decision-records.repository.ts'
import type { Question } from '../decisions/question.ts'
import type { EntityRef } from '../engine/cedar.ts'
import { inTurn } from '../engine/pauses.ts'
import type { LiveRule } from '../engine/types.ts'
import { questionOf } from '../evaluation/questions.ts'
import { about, fieldError } from '../findings.ts'
import { PoliciesRepository } from '../policies/policies.repository.ts'
import { PoliciesService } from '../policies/policies.service.ts'
import { policyDefaults } from '../policies/policies.dto.ts'
import { PolicyChecks } from '../policies/policy-checks.ts'
import { liveRules, type PolicyDocument } from '../policies/policy-document.ts'
import { PolicySetsRepository } from '../policy-sets.repository.ts'
import type {
  DecidingRule,
  DraftPolicy,
  SimulatePolicies,
  SimulatedChange,
  SimulatedDecision,
  Simulation,
  SimulationFailure,
} from './simulations.dto.ts'

const fewRequests = 100

/** A question, and the recorded decision that it comes from. */
interface Asked {
  readonly question: Question
  readonly decisionId: string | null
}

/** Cedar texts by rule id. */
type Texts = ReadonlyMap<string, string>

interface DraftSet {
  readonly rules: readonly LiveRule[]
  readonly texts: Texts
}

/**
 * What would change if policies were saved: the same questions, with what the directory knows now, put to the live policies
 * and to those that would be.
 */
@Injectable()
export class SimulationsService {
  readonly #decisions: Decisions
  readonly #records: DecisionRecordsRepository
  readonly #policies: PoliciesRepository
  readonly #drafts: PoliciesService
  readonly #checks: PolicyChecks
  readonly #sets: PolicySetsRepository

  constructor(
    decisions: Decisions,
    records: DecisionRecordsRepository,
    policies: PoliciesRepository,
    drafts: PoliciesService,
    checks: PolicyChecks,
    sets: PolicySetsRepository,
  ) {
    this.#decisions = decisions
    this.#records = records
    this.#policies = policies
    this.#drafts = drafts
    this.#checks = checks
    this.#sets = sets
  }

  async simulate(actor: Actor, body: SimulatePolicies): Promise<Simulation> {
    if (body.requests !== undefined && body.decisions !== undefined)
      throw fieldError('decisions', 'give either requests or decisions')
    if (!may(actor, 'policies:read'))
      throw new DomainError('forbidden', 'A simulation tells rules and decisions, which policies:read is needed for')
    const { tenantId } = actor
    const draft = await this.#draft(actor, body)
    const live = await this.#sets.liveRules()
    const asked = await this.#asked(body)
    const requests = await this.#decisions.requests(
      tenantId,
      asked.map(({ question }) => question),
    )
    const before = await this.#decisions.ofRules(tenantId, live, requests)
    const after = await this.#decisions.ofRules(tenantId, draft.rules, requests)
    const stored: Texts = new Map((await this.#sets.sources()).map(({ id, policy_text }) => [id, policy_text]))
    const drafted: Texts = new Map([...stored, ...draft.texts])
    const changes: SimulatedChange[] = []
    const failures: SimulationFailure[] = []
    for (const [index, each] of asked.entries()) {
      const [request, was, is] = [requests[index], before[index], after[index]]
      if (!request || !was || !is) throw new Error('Every question has an answer')
      if ('error' in request) failures.push({ index, error: failureOf(request.error) })
      else if ('error' in was) failures.push({ index, error: failureOf(was.error) })
      else if ('error' in is) failures.push({ index, error: failureOf(is.error) })
      else if (was.decision !== is.decision) changes.push(change(each, request.resource, was, is, stored, drafted))
    }
    return { evaluated: asked.length - failures.length, changed: changes.length, changes, failures }
  }

  async #draft(actor: Actor, { policies, replace_all = false }: SimulatePolicies): Promise<DraftSet> {
    const ids = policies.flatMap(({ id }) => id ?? [])
    const twice = ids.find((id, index) => ids.indexOf(id) !== index)
    if (twice !== undefined) throw fieldError('policies', `the policy ${twice} stands twice`)
    const others = replace_all ? [] : await this.#sets.liveRules(ids)
    const documents = await inTurn(policies, async (policy, index) => ({
      id: policy.id ?? `draft${index}`,
      document: await about(`policies.${index}`, () => this.#document(actor, policy, index)),
    }))
    const drafted = documents.flatMap(({ id, document }) => (document.enabled ? liveRules(id, document) : []))
    // The order of notices within a priority is that of the live set, then of the body.
    const rules = [...others, ...drafted].map((rule, ordinal) => ({ ...rule, ordinal }))
    const texts = documents.flatMap(({ document }) =>
      document.rules.map(({ id, policy_text }) => [id, policy_text] as const),
    )
    return { rules, texts: new Map(texts) }
  }

  async #document(actor: Actor, { id, ...given }: DraftPolicy, index: number): Promise<PolicyDocument> {
    const stored = id === undefined ? null : await this.#policies.document(id)
    if (id !== undefined && stored === null) throw fieldError('id', notFound('policy', id).message)
    const fresh = { ...policyDefaults, name: `draft${index}`, max_duration_seconds: 1, rules: [], links: [] }
    const draft = await this.#drafts.draft(actor, stored?.document ?? fresh, given)
    await this.#checks.check(actor.tenantId, draft, await this.#sets.read())
    return draft.document
  }

  async #asked({ requests, decisions = {} }: SimulatePolicies): Promise<Asked[]> {
    if (requests !== undefined) return requests.map((ask) => ({ question: questionOf(ask), decisionId: null }))
    const { limit = fewRequests, ...selection } = decisions
    const recorded = await this.#records.latest(selection, limit)
    return recorded.map(({ id, principal, groups, action, resource, entitlement_id, context }) => ({
      question: {
        principal,
        groups: groups.map((group) => ({ type: 'Group', id: group })),
        action,
        resource,
        entitlement_id,
        context,
      },
      decisionId: id,
    }))
  }
}

function change(
  { question: { principal, action, context }, decisionId }: Asked,
  resource: EntityRef,
  before: Answer,
  after: Answer,
  stored: Texts,
  drafted: Texts,
): SimulatedChange {
  return {
    principal,
    action,
    resource,
    context: { ...context },
    decision_id: decisionId,
    before: outcome(before),
    after: outcome(after),
    rules: [...deciding(before, 'before', stored), ...deciding(after, 'after', drafted)],
  }
}

function outcome({ decision, matching_policy_ids, matching_rule_ids, reason, notices }: Answer): SimulatedDecision {
  return {
    decision,
    matching_policy_ids: [...matching_policy_ids],
    matching_rule_ids: [...matching_rule_ids],
    reason,
    notices: [...notices],
  }
}

function deciding({ rules }: Answer, decides: DecidingRule['decides'], texts: Texts): DecidingRule[] {
  return rules.map(({ policy_id, rule_id }) => ({ policy_id, rule_id, decides, policy_text: texts.get(rule_id) ?? '' }))
}

function failureOf({ code, message, details }: DomainError): SimulationFailure['error'] {
  return { code, message, ...(details && { details }) }
}
