import { Injectable } from '@nestjs/common'
import { notFound, type Actor } from '#kernel'
import type { JsonText } from '#platform'
import type { AuditEntryView, AuditLogQuery, AuditVerification } from './audit-log.dto.ts'
import { AuditLogRepository } from './audit-log.repository.ts'

@Injectable()
export class AuditLogService {
  readonly #entries: AuditLogRepository

  constructor(entries: AuditLogRepository) {
    this.#entries = entries
  }

  list(_actor: Actor, query: AuditLogQuery): Promise<JsonText> {
    return this.#entries.list(query, query)
  }

  async get(_actor: Actor, id: string): Promise<AuditEntryView> {
    const entry = await this.#entries.find(id)
    if (!entry) throw notFound('audit_entry', id)
    return entry
  }

  verify(_actor: Actor): Promise<AuditVerification> {
    return this.#entries.verify()
  }
}
