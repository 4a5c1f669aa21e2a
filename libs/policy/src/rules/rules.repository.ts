import { Injectable } from '@nestjs/common'
import { Database, readOne, readPage, sql, type JsonText, type PageRequest } from '#platform'
import type { PolicyLink } from './links.dto.ts'
import { linkProjection } from './links.fields.ts'
import type { PolicyRule } from './rules.dto.ts'
import { inPlace, ruleProjection } from './rules.fields.ts'

/** Reads rules and links; policies.repository.ts writes them, with their policy. */
@Injectable()
export class RulesRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(policyId: string, page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, ruleProjection, page, [sql`t.policy_id = ${policyId}::uuid`], policyId, inPlace)
  }

  find(policyId: string, id: string): Promise<PolicyRule | null> {
    return readOne(this.#database, ruleProjection, [sql`t.id = ${id}::uuid`, sql`t.policy_id = ${policyId}::uuid`])
  }

  links(ruleId: string, page: PageRequest): Promise<JsonText> {
    return readPage(this.#database, linkProjection, page, [sql`t.rule_id = ${ruleId}::uuid`], ruleId)
  }

  findLink(ruleId: string, id: string): Promise<PolicyLink | null> {
    return readOne(this.#database, linkProjection, [sql`t.id = ${id}::uuid`, sql`t.rule_id = ${ruleId}::uuid`])
  }
}
