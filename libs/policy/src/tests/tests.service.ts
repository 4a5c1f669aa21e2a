import { Injectable } from '@nestjs/common'
import { isDeepStrictEqual } from 'node:util'
import { Changes, plain } from '#audit'
import { DomainError, newId, notFound, type Actor } from '#kernel'
import { Database, type JsonText, type Precondition } from '#platform'
import { PoliciesRepository } from '../policies/policies.repository.ts'
import { PolicyTestRuns } from './policy-test-runs.ts'
import type { CreatePolicyTest, PolicyTest, TestQuery, TestResults, UpdatePolicyTest } from './tests.dto.ts'
import { TestsRepository } from './tests.repository.ts'

const mostTests = 200

/** What a policy is expected to decide. A save that would break it is refused (policy-saves.ts). */
@Injectable()
export class TestsService {
  readonly #database: Database
  readonly #tests: TestsRepository
  readonly #runs: PolicyTestRuns
  readonly #policies: PoliciesRepository
  readonly #changes: Changes

  constructor(
    database: Database,
    tests: TestsRepository,
    runs: PolicyTestRuns,
    policies: PoliciesRepository,
    changes: Changes,
  ) {
    this.#database = database
    this.#tests = tests
    this.#runs = runs
    this.#policies = policies
    this.#changes = changes
  }

  async list(_actor: Actor, policyId: string, page: TestQuery): Promise<JsonText> {
    if ((await this.#policies.find(policyId)) === null) throw notFound('policy', policyId)
    return this.#tests.list(policyId, page)
  }

  async get(_actor: Actor, policyId: string, id: string): Promise<PolicyTest> {
    return found(id, await this.#tests.find(policyId, id))
  }

  async results(actor: Actor, policyId: string): Promise<TestResults> {
    const policy = await this.#policies.document(policyId)
    if (policy === null) throw notFound('policy', policyId)
    const results = await this.#runs.run(actor.tenantId, policyId, policy.document)
    return { passed: results.every(({ passed }) => passed), results }
  }

  /** It may fail: then the next save of the policy has to mend it. */
  async create(actor: Actor, policyId: string, input: CreatePolicyTest): Promise<PolicyTest> {
    await this.#runs.check(actor.tenantId, input.request)
    return this.#database.transaction(async () => {
      if (!(await this.#tests.holdPolicy(policyId))) throw notFound('policy', policyId)
      if ((await this.#tests.count(policyId)) >= mostTests)
        throw new DomainError('invalid_state', `A policy has at most ${mostTests} tests`)
      const id = newId()
      await this.#tests.insert(id, policyId, plain(input))
      return this.#record(actor, 'created', await this.get(actor, policyId, id))
    })
  }

  async update(
    actor: Actor,
    policyId: string,
    id: string,
    patch: UpdatePolicyTest,
    precondition: Precondition,
  ): Promise<PolicyTest> {
    if (patch.request) await this.#runs.check(actor.tenantId, patch.request)
    return this.#database.transaction(async () => {
      const before = found(id, await this.#tests.lock(policyId, id))
      precondition.check(before.version)
      const after = { ...before, ...plain(patch) }
      if (isDeepStrictEqual(before, after)) return before
      await this.#tests.update(id, after)
      return this.#record(actor, 'updated', await this.get(actor, policyId, id))
    })
  }

  remove(actor: Actor, policyId: string, id: string, precondition: Precondition): Promise<void> {
    return this.#database.transaction(async () => {
      const before = found(id, await this.#tests.lock(policyId, id))
      precondition.check(before.version)
      await this.#tests.remove(id)
      await this.#record(actor, 'deleted', before)
    })
  }

  async #record(actor: Actor, verb: 'created' | 'updated' | 'deleted', test: PolicyTest): Promise<PolicyTest> {
    await this.#changes.record(actor, {
      action: `policy_test.${verb}`,
      resource: { type: 'policy_test', id: test.id },
      data: test,
    })
    return test
  }
}

function found(id: string, test: PolicyTest | null): PolicyTest {
  if (test === null) throw notFound('policy_test', id)
  return test
}
