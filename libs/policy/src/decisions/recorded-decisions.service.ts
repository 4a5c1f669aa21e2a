import { Injectable } from '@nestjs/common'
import { notFound, type Actor } from '#kernel'
import type { JsonText } from '#platform'
import { DecisionRecordsRepository } from './decision-records.repository.ts'
import type { DecisionQuery, RecordedDecision } from './decisions.dto.ts'

@Injectable()
export class RecordedDecisions {
  readonly #records: DecisionRecordsRepository

  constructor(records: DecisionRecordsRepository) {
    this.#records = records
  }

  list(_actor: Actor, { limit, cursor, filter, sort, ...selection }: DecisionQuery): Promise<JsonText> {
    return this.#records.list(selection, { limit, cursor, filter, sort })
  }

  async get(_actor: Actor, id: string): Promise<RecordedDecision> {
    const decision = await this.#records.find(id)
    if (decision === null) throw notFound('decision', id)
    return decision
  }
}
