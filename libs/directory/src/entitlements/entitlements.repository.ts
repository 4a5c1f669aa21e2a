import { Injectable } from '@nestjs/common'
import { Database } from '#platform'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import type { EntitlementFields } from './entitlements.dto.ts'
import { entitlementKind } from './entitlements.fields.ts'

@Injectable()
export class EntitlementsRepository extends ObjectsRepository<EntitlementFields> {
  constructor(database: Database) {
    super(database, entitlementKind)
  }

  protected get rows(): Rows {
    return this.database.prisma.entitlements
  }
}
