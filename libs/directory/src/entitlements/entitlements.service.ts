import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { Database } from '#platform'
import type { KindName } from '../kind.fields.ts'
import { fieldError } from '../object-fields.ts'
import { ObjectsService } from '../objects.service.ts'
import type { CreateEntitlement, EntitlementFields } from './entitlements.dto.ts'
import { EntitlementsRepository } from './entitlements.repository.ts'
import type { EntitlementRevocationConfig } from './request-config.dto.ts'

@Injectable()
export class EntitlementsService extends ObjectsService<EntitlementFields, CreateEntitlement> {
  readonly #entitlements: EntitlementsRepository

  constructor(database: Database, entitlements: EntitlementsRepository, changes: Changes) {
    super(database, entitlements, changes)
    this.#entitlements = entitlements
  }

  protected override async checkStored(after: EntitlementFields): Promise<void> {
    await this.#checkNamed('segment_ids', 'segment', after.segment_ids)
    await this.#checkNamed('request_config', 'group', approversOf(after.request_config))
    await this.#checkNamed('revocation_config', 'group', approversOf(after.revocation_config))
  }

  async #checkNamed(field: string, kind: KindName, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const absent = await this.#entitlements.absent(kind, ids)
    if (absent.length > 0) throw fieldError(field, `${field}: no ${kind} has the id ${absent.join(', ')}`)
  }
}

function approversOf(config: EntitlementRevocationConfig | null): string[] {
  return [...new Set((config?.approval_schemes ?? []).flatMap(({ approver_id }) => approver_id ?? []))]
}
