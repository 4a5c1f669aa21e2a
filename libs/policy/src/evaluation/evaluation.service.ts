import { Injectable } from '@nestjs/common'
import { DomainError, type Actor } from '#kernel'
import { refuseNul } from '#platform'
import type { Answer } from '../decisions/answer.ts'
import { Decisions } from '../decisions/decisions.ts'
import { readVerbatim, readVerbatimAction } from '../decisions/references.ts'
import type { SchemaDocument } from '../engine/cedar.ts'
import { PolicyEngine } from '../engine/policy-engine.ts'
import type { Decision, RuleSource, ScratchFailure, ScratchRequest, ScratchSet } from '../engine/types.ts'
import { fieldError } from '../findings.ts'
import type { Ask, EvaluatePolicies, Evaluation, EvaluationBatch, EvaluationFailure } from './evaluation.dto.ts'
import { named, questionOf } from './questions.ts'

type Outcome = Evaluation | EvaluationFailure

/** What policies decide, asked from outside: the live ones, or a set that the question brings. */
@Injectable()
export class EvaluationService {
  readonly #decisions: Decisions
  readonly #engine: PolicyEngine

  constructor(decisions: Decisions, engine: PolicyEngine) {
    this.#decisions = decisions
    this.#engine = engine
  }

  async evaluate(actor: Actor, body: EvaluatePolicies): Promise<Evaluation | EvaluationBatch> {
    const asks = asksOf(body)
    const outcomes =
      body.policies === undefined ? await this.#live(actor, body, asks) : await this.#inline(actor, body, asks)
    if (body.requests !== undefined) return { responses: outcomes.map(rendered) }
    const [outcome] = outcomes
    if (outcome instanceof DomainError) throw outcome
    return outcome as Evaluation
  }

  async #live(actor: Actor, body: EvaluatePolicies, asks: readonly Ask[]): Promise<(Evaluation | DomainError)[]> {
    refuseNul(body)
    const { entities, schema } = body
    const without = entities !== undefined ? 'entities' : schema !== undefined && schema !== null ? 'schema' : null
    if (without !== null)
      throw fieldError(
        without,
        'belongs to inline policies; the live ones have the directory and the schema of the tenant',
      )
    return eachAnswered(asks, questionOf, async (questions) => {
      const answers = await this.#decisions.answer(actor, questions)
      return answers.map((answer) => ('error' in answer ? answer.error : liveEvaluation(answer)))
    })
  }

  async #inline(actor: Actor, body: EvaluatePolicies, asks: readonly Ask[]): Promise<(Evaluation | DomainError)[]> {
    const set: ScratchSet = {
      policies: policiesOf(body.policies ?? ''),
      entities: body.entities ?? [],
      schema: (body.schema ?? null) as string | SchemaDocument | null,
    }
    const read = (ask: Ask): ScratchRequest => scratchRequest(ask, set.schema !== null)
    return eachAnswered(asks, read, async (requests) => {
      const outcomes = await this.#engine.evaluate(actor.tenantId, set, requests)
      return outcomes.map((outcome) => ('error' in outcome ? failed(outcome) : evaluation(outcome)))
    })
  }
}

/** The answers in the order of the questions; what is wrong with one that cannot be `read` is its answer. */
async function eachAnswered<Question extends object>(
  asks: readonly Ask[],
  read: (ask: Ask) => Question,
  answer: (questions: readonly Question[]) => Promise<(Evaluation | DomainError)[]>,
): Promise<(Evaluation | DomainError)[]> {
  const questions = asks.map((ask) => orRefusal(() => read(ask)))
  const sound = questions.filter((each): each is Question => !(each instanceof DomainError))
  const answers = (await answer(sound)).values()
  return questions.map((each) => {
    const given = each instanceof DomainError ? each : answers.next().value
    if (given === undefined) throw new Error('Every question has an answer')
    return given
  })
}

function orRefusal<T>(work: () => T): T | DomainError {
  try {
    return work()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}

/** @throws DomainError `invalid_body` unless there is exactly one question, or `requests` */
function asksOf({ principal, groups, action, resource, context, validate_request, requests }: EvaluatePolicies): Ask[] {
  const single = { principal, groups, action, resource, context }
  const given = Object.entries(single).find(([, value]) => value !== undefined)
  if (requests !== undefined) {
    if (given) throw fieldError(given[0], 'stands in each of the requests, not beside them')
    return requests.map((ask) => ({ ...ask, validate_request: ask.validate_request ?? validate_request }) as Ask)
  }
  for (const name of ['principal', 'action', 'resource'] as const)
    if (single[name] === undefined) throw fieldError(name, 'is required, or else requests')
  return [{ ...single, validate_request } as Ask]
}

function scratchRequest(ask: Ask, hasSchema: boolean): ScratchRequest {
  if (ask.groups !== undefined && ask.groups.length > 0)
    throw fieldError(
      'groups',
      'belongs to the live policies; with inline ones, name the parents of the principal in entities',
    )
  return {
    principal: named('principal', readVerbatim(ask.principal)),
    action: readVerbatimAction(ask.action),
    resource: named('resource', readVerbatim(ask.resource)),
    context: ask.context ?? {},
    validate_request: hasSchema && (ask.validate_request ?? true),
  }
}

function policiesOf(given: string | Record<string, unknown>): ScratchSet['policies'] {
  if (typeof given === 'string') return given
  for (const [id, source] of Object.entries(given))
    if (typeof source !== 'string' && (typeof source !== 'object' || source === null || Array.isArray(source)))
      throw fieldError(`policies.${id}`, "must be Cedar text or an object of Cedar's JSON")
  return given as Record<string, RuleSource>
}

function evaluation({
  permitted,
  decision,
  matching_policy_ids,
  errors,
  reason,
  notices,
}: Decision | Answer): Evaluation {
  return {
    permitted,
    decision,
    matching_policy_ids: [...matching_policy_ids],
    errors: [...errors],
    reason,
    notices: [...notices],
  }
}

function liveEvaluation(answer: Answer): Evaluation {
  const { advice, matching_rule_ids, audit_session, set_version } = answer
  return {
    ...evaluation(answer),
    advice: [...advice],
    matching_rule_ids: [...matching_rule_ids],
    audit_session,
    set_version,
  }
}

function failed({ error: { message, findings } }: ScratchFailure): DomainError {
  return new DomainError('invalid_body', message, { findings })
}

function rendered(outcome: Evaluation | DomainError): Outcome {
  if (!(outcome instanceof DomainError)) return outcome
  const { code, message, details } = outcome
  return { error: { code, message, ...(details && { details }) } }
}
