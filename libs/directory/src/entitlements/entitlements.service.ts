import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import { Database } from '#platform'
import { ObjectsService } from '../objects.service.ts'
import type { CreateEntitlement, EntitlementFields } from './entitlements.dto.ts'
import { EntitlementsRepository } from './entitlements.repository.ts'

@Injectable()
export class EntitlementsService extends ObjectsService<EntitlementFields, CreateEntitlement> {
  constructor(database: Database, entitlements: EntitlementsRepository, changes: Changes) {
    super(database, entitlements, changes)
  }
}
