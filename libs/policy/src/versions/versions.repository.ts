import { Injectable } from '@nestjs/common'
import { Database, readOne, readPage, sql, type JsonText, type PageRequest } from '#platform'
import type { PolicyDocument } from '../policies/policy-document.ts'
import type { PolicyVersionSummary } from './versions.dto.ts'
import { latestVersionFirst, versionProjection, wholeVersionProjection } from './versions.fields.ts'

export interface StoredVersion extends PolicyVersionSummary {
  readonly document: PolicyDocument
}

@Injectable()
export class VersionsRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(policyId: string, page: PageRequest): Promise<JsonText> {
    const own = sql`t.policy_id = ${policyId}::uuid`
    return readPage(this.#database, versionProjection, page, [own], policyId, latestVersionFirst)
  }

  find(policyId: string, number: number): Promise<StoredVersion | null> {
    const own = sql`t.policy_id = ${policyId}::uuid`
    return readOne(this.#database, wholeVersionProjection, [own, sql`t.number = ${number}::int`])
  }
}
