import { Injectable } from '@nestjs/common'
import { notFound, type Actor } from '#kernel'
import type { JsonText, Precondition } from '#platform'
import { PoliciesRepository } from '../policies/policies.repository.ts'
import type { Policy } from '../policies/policies.dto.ts'
import { PolicySaves } from '../policies/policy-saves.ts'
import type { ForceQuery } from '../rules/rules.dto.ts'
import { difference } from './difference.ts'
import type { PolicyDifference, DifferenceQuery, PolicyVersion, PolicyVersionQuery } from './versions.dto.ts'
import { VersionsRepository, type StoredVersion } from './versions.repository.ts'

/** What a policy was at each save. */
@Injectable()
export class VersionsService {
  readonly #versions: VersionsRepository
  readonly #policies: PoliciesRepository
  readonly #saves: PolicySaves

  constructor(versions: VersionsRepository, policies: PoliciesRepository, saves: PolicySaves) {
    this.#versions = versions
    this.#policies = policies
    this.#saves = saves
  }

  async list(_actor: Actor, policyId: string, page: PolicyVersionQuery): Promise<JsonText> {
    await this.#checkPolicy(policyId)
    return this.#versions.list(policyId, page)
  }

  async get(_actor: Actor, policyId: string, number: number): Promise<PolicyVersion> {
    return (await this.#find(policyId, number)) as unknown as PolicyVersion
  }

  async difference(
    _actor: Actor,
    policyId: string,
    number: number,
    { against = number - 1 }: DifferenceQuery,
  ): Promise<PolicyDifference> {
    const after = await this.#find(policyId, number)
    const before = against === 0 ? null : await this.#find(policyId, against)
    return { from: against, to: number, ...difference(before?.document ?? null, after.document) }
  }

  /** The policy as it was then, as a new version. */
  restore(
    actor: Actor,
    policyId: string,
    number: number,
    { force }: ForceQuery,
    precondition: Precondition,
  ): Promise<Policy> {
    const change = async () => ({ document: (await this.#find(policyId, number)).document, origins: new Map() })
    const metadata = { restored_version: number }
    return this.#saves.save(actor, policyId, change, { precondition, force, always: true, metadata })
  }

  async #find(policyId: string, number: number): Promise<StoredVersion> {
    const version = await this.#versions.find(policyId, number)
    if (version !== null) return version
    await this.#checkPolicy(policyId)
    throw notFound('version', String(number))
  }

  async #checkPolicy(id: string): Promise<void> {
    if ((await this.#policies.find(id)) === null) throw notFound('policy', id)
  }
}
