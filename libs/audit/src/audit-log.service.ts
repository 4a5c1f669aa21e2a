import { Injectable } from '@nestjs/common'
import { notFound, type Actor } from '#kernel'
import { SharedReads, type JsonText } from '#platform'
import type { AuditEntryView, AuditLogQuery, AuditVerification } from './audit-log.dto.ts'
import { AuditLogRepository } from './audit-log.repository.ts'

@Injectable()
export class AuditLogService {
  readonly #entries: AuditLogRepository
  readonly #verifications = new SharedReads<AuditVerification>()

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

  /** Reads the whole log: whoever asks while it is read shares the next reading, so that a tenant never has two under way. */
  verify({ tenantId }: Actor): Promise<AuditVerification> {
    return this.#verifications.get(tenantId, () => this.#entries.verify())
  }
}
