import { Injectable } from '@nestjs/common'
import type { Answer } from '../decisions/answer.ts'
import { Decisions, type Unanswered } from '../decisions/decisions.ts'
import type { Entity } from '../engine/cedar.ts'
import { checkedEntities } from '../engine/live-entities.ts'
import { PolicyEngine } from '../engine/policy-engine.ts'
import type { LiveRequest } from '../engine/types.ts'
import { questionOf } from '../evaluation/questions.ts'
import { aboutOneOf } from '../findings.ts'
import { liveRules, type PolicyDocument } from '../policies/policy-document.ts'
import type { PolicyTest, PolicyTestRequest, TestResult } from './tests.dto.ts'
import { TestsRepository } from './tests.repository.ts'

/** Holds a policy against its own tests: the policy alone, whether it is enabled or not. */
@Injectable()
export class PolicyTestRuns {
  readonly #tests: TestsRepository
  readonly #decisions: Decisions
  readonly #engine: PolicyEngine

  constructor(tests: TestsRepository, decisions: Decisions, engine: PolicyEngine) {
    this.#tests = tests
    this.#decisions = decisions
    this.#engine = engine
  }

  /** Cedar reads the entities in a thread that may die before it ever does in this one. @throws DomainError `invalid_body` */
  check(tenantId: string, request: PolicyTestRequest): Promise<void> {
    return aboutOneOf(
      (field) => `request.${field}`,
      async () => {
        const { principal, action, resource } = questionOf(request)
        if (request.entities === undefined) return
        const entities = request.entities as unknown as Entity[]
        checkedEntities({ principal, action, context: {}, entities })
        const question = { principal, action, resource, context: {}, validate_request: false }
        await this.#engine.evaluate(tenantId, { policies: '', entities, schema: null }, [question])
      },
    )
  }

  async run(tenantId: string, policyId: string, document: PolicyDocument): Promise<TestResult[]> {
    const tests = await this.#tests.all(policyId)
    if (tests.length === 0) return []
    const requests = await this.#requests(tenantId, tests)
    const answers = await this.#decisions.ofRules(tenantId, liveRules(policyId, document), requests)
    return tests.flatMap((test, index) => {
      const answer = answers[index]
      return answer ? [result(test, answer)] : []
    })
  }

  async #requests(tenantId: string, tests: readonly PolicyTest[]): Promise<(LiveRequest | Unanswered)[]> {
    const asked = await this.#decisions.requests(
      tenantId,
      tests.map(({ request }) => questionOf(request)),
    )
    return asked.map((request, index) => {
      const entities = tests[index]?.request.entities
      return entities === undefined || 'error' in request
        ? request
        : { ...request, entities: entities as unknown as Entity[] }
    })
  }
}

function result({ id, name, expected }: PolicyTest, answer: Answer | Unanswered): TestResult {
  if ('error' in answer)
    return { id, name, passed: false, expected, decision: null, matching_rule_ids: [], reason: answer.error.message }
  const { decision, matching_rule_ids, reason, errors } = answer
  const said = errors.length === 0 ? reason : [reason, ...errors.map(({ message }) => message)].join('; ')
  const passed = decision === expected
  return { id, name, passed, expected, decision, matching_rule_ids: [...matching_rule_ids], reason: said }
}
