import { Injectable } from '@nestjs/common'
import { changedFields, Changes, plain } from '#audit'
import { DomainError, notFound, type Actor } from '#kernel'
import { Database, type Precondition } from '#platform'
import { PolicySetsRepository, type PolicySet } from '../policy-sets.repository.ts'
import { PolicyTestRuns } from '../tests/policy-test-runs.ts'
import { settled, Outdated } from './outdated.ts'
import { PoliciesRepository } from './policies.repository.ts'
import type { Policy } from './policies.dto.ts'
import { PolicyChecks } from './policy-checks.ts'
import type { PolicyDocument, PolicyDraft } from './policy-document.ts'

/** Of all its policies; links count as rules. What is more would take its time to be read, in everybody's thread. */
const mostOfTenant = { rules: 10_000, characters: 5_000_000 }

export interface SaveOptions {
  readonly precondition: Precondition
  /** Save although the policy's own tests fail. */
  readonly force?: boolean | undefined
  /** Make a version although nothing has changed. */
  readonly always?: boolean
  /** What the audit entry tells beside the fields that have changed. */
  readonly metadata?: object
}

/**
 * The one way in which policies are written. What a tenant wrote is parsed, checked and tried before the transaction begins,
 * since that may take its time; the transaction makes sure that nothing it rests on has changed since, and otherwise the
 * whole begins anew.
 */
@Injectable()
export class PolicySaves {
  readonly #database: Database
  readonly #policies: PoliciesRepository
  readonly #sets: PolicySetsRepository
  readonly #checks: PolicyChecks
  readonly #tests: PolicyTestRuns
  readonly #changes: Changes

  constructor(
    database: Database,
    policies: PoliciesRepository,
    sets: PolicySetsRepository,
    checks: PolicyChecks,
    tests: PolicyTestRuns,
    changes: Changes,
  ) {
    this.#database = database
    this.#policies = policies
    this.#sets = sets
    this.#checks = checks
    this.#tests = tests
    this.#changes = changes
  }

  create(actor: Actor, id: string, draft: PolicyDraft): Promise<Policy> {
    return settled(async () => {
      const set = await this.#sets.read()
      await this.#checks.check(actor.tenantId, draft, set)
      return this.#database.transaction(async () => {
        await this.#advance(set)
        await this.#policies.insert(id, draft.document)
        await this.#policies.insertVersion(id, 1, draft.document, actor)
        await this.#checkSize()
        return this.#record(actor, 'created', id)
      })
    })
  }

  /** `change` makes the new document out of the one that stands. One that changes nothing writes nothing. */
  save(
    actor: Actor,
    id: string,
    change: (before: PolicyDocument) => Promise<PolicyDraft>,
    { precondition, force = false, always = false, metadata = {} }: SaveOptions,
  ): Promise<Policy> {
    return settled(async () => {
      const [set, before] = [await this.#sets.read(), await this.#read(id, precondition)]
      const draft = await change(before.document)
      const after = plain(draft.document)
      const changed = Object.keys(changedFields(before.document, after))
      if (changed.length === 0 && !always) return this.#view(id)
      await this.#checks.check(actor.tenantId, draft, set)
      if (!force) await this.#test(actor, id, after)
      return this.#database.transaction(async () => {
        await this.#lock(id, before.version, precondition)
        await this.#advance(set)
        await this.#policies.replace(id, before.document, after)
        await this.#policies.insertVersion(id, before.version + 1, after, actor)
        await this.#checkSize()
        return this.#record(actor, 'updated', id, { fields: changed, ...metadata, ...(force && { forced: true }) })
      })
    })
  }

  remove(actor: Actor, id: string, precondition: Precondition): Promise<void> {
    return settled(async () => {
      const { version, document } = await this.#read(id, precondition)
      await this.#database.transaction(async () => {
        await this.#lock(id, version, precondition)
        await this.#sets.advance()
        const policy = await this.#view(id)
        await this.#policies.remove(id)
        // Its versions go with it; the audit log keeps what it was.
        const metadata = { document }
        await this.#changes.record(actor, {
          action: 'policy.deleted',
          resource: { type: 'policy', id },
          data: policy,
          metadata,
        })
      })
    })
  }

  async #read(id: string, precondition: Precondition): Promise<{ version: number; document: PolicyDocument }> {
    const found = await this.#policies.document(id)
    if (found === null) throw notFound('policy', id)
    precondition.check(found.version)
    return found
  }

  async #lock(id: string, version: number, precondition: Precondition): Promise<void> {
    const locked = await this.#policies.lock(id)
    if (locked === null) throw notFound('policy', id)
    precondition.check(locked)
    if (locked !== version) throw new Outdated()
  }

  async #advance(checked: PolicySet): Promise<void> {
    const { schema_version } = await this.#sets.advance()
    if (schema_version !== checked.schema_version) throw new Outdated()
  }

  /** Once it is written, when everybody else who saves waits. */
  async #checkSize(): Promise<void> {
    const { count, characters } = await this.#sets.size()
    if (count <= mostOfTenant.rules && characters <= mostOfTenant.characters) return
    const { rules: limit, characters: text } = mostOfTenant
    throw new DomainError(
      'invalid_state',
      `The policies of a tenant have at most ${limit} rules and links, and ${text} characters of Cedar, together`,
    )
  }

  async #test(actor: Actor, id: string, document: PolicyDocument): Promise<void> {
    const failing = (await this.#tests.run(actor.tenantId, id, document)).filter(({ passed }) => !passed)
    if (failing.length === 0) return
    const names = failing.map(({ name }) => JSON.stringify(name)).join(', ')
    throw new DomainError(
      'invalid_state',
      `The policy would no longer pass its own tests: ${names}; change it or them, or save with force=true`,
      { reason: 'tests_failed', failing_tests: failing },
    )
  }

  async #view(id: string): Promise<Policy> {
    const policy = await this.#policies.find(id)
    if (policy === null) throw notFound('policy', id)
    return policy
  }

  async #record(actor: Actor, verb: 'created' | 'updated', id: string, metadata?: object): Promise<Policy> {
    const policy = await this.#view(id)
    await this.#changes.record(actor, {
      action: `policy.${verb}`,
      resource: { type: 'policy', id },
      data: policy,
      ...(metadata && { metadata }),
    })
    return policy
  }
}
