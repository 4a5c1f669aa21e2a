import { Injectable } from '@nestjs/common'
import { DomainError, newId } from '#kernel'
import type { Answer } from '../decisions/answer.ts'
import { Decisions, type Unanswered } from '../decisions/decisions.ts'
import type { Entity } from '../engine/cedar.ts'
import type { LiveRequest } from '../engine/types.ts'
import { questionOf } from '../evaluation/questions.ts'
import { liveRules, type PolicyDocument } from '../policies/policy-document.ts'
import type { PolicyTest, TestResult } from './tests.dto.ts'
import { TestsRepository } from './tests.repository.ts'

/** Holds a policy against its own tests: the policy alone, whether it is enabled or not. */
@Injectable()
export class PolicyTestRuns {
  readonly #tests: TestsRepository
  readonly #decisions: Decisions

  constructor(tests: TestsRepository, decisions: Decisions) {
    this.#tests = tests
    this.#decisions = decisions
  }

  async run(tenantId: string, policyId: string, document: PolicyDocument): Promise<TestResult[]> {
    const tests = await this.#tests.all(policyId)
    if (tests.length === 0) return []
    const requests = await this.#requests(tenantId, tests)
    const rules = liveRules(policyId, document)
    const setId = newId()
    return Promise.all(
      tests.map(async (test, index) => result(test, await this.#answer(setId, rules, requests[index]))),
    )
  }

  async #requests(tenantId: string, tests: readonly PolicyTest[]): Promise<(LiveRequest | Unanswered)[]> {
    const asked = await this.#decisions.requests(
      tenantId,
      tests.map(({ request }) => questionOf(request)),
    )
    return asked.map((request, index) => {
      const entities = tests[index]?.request.entities
      return entities === undefined || 'error' in request ? request : { ...request, entities: entities as Entity[] }
    })
  }

  async #answer(
    setId: string,
    rules: ReturnType<typeof liveRules>,
    request: LiveRequest | Unanswered | undefined,
  ): Promise<Answer | DomainError> {
    if (!request || 'error' in request) return request?.error ?? new DomainError('invalid_body')
    try {
      const [answer] = await this.#decisions.ofRules(setId, rules, [request])
      return answer ?? new DomainError('invalid_body')
    } catch (error) {
      if (error instanceof DomainError && error.code === 'invalid_body') return error
      throw error
    }
  }
}

function result({ id, name, expected }: PolicyTest, answer: Answer | DomainError): TestResult {
  if (answer instanceof DomainError)
    return { id, name, passed: false, expected, decision: null, matching_rule_ids: [], reason: answer.message }
  const { decision, matching_rule_ids, reason, errors } = answer
  const said = errors.length === 0 ? reason : [reason, ...errors.map(({ message }) => message)].join('; ')
  const passed = decision === expected
  return { id, name, passed, expected, decision, matching_rule_ids: [...matching_rule_ids], reason: said }
}
