import { Injectable } from '@nestjs/common'
import { Database, sql } from '#platform'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import { managedBy } from '../sources/sources.fields.ts'
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

  /** Whether the identity is a member of the source's management group. */
  async isManaged(sourceId: string, identityId: string): Promise<boolean> {
    const rows = await this.database.query(
      sql`select 1 as managed from sources t where t.id = ${sourceId}::uuid and ${managedBy(identityId)}`.toStatement(),
    )
    return rows.length > 0
  }
}
