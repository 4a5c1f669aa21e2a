import { Injectable } from '@nestjs/common'
import { Database, sql } from '#platform'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import type { SourceFields } from './sources.dto.ts'
import { sourceKind } from './sources.fields.ts'

@Injectable()
export class SourcesRepository extends ObjectsRepository<SourceFields> {
  constructor(database: Database) {
    super(database, sourceKind)
  }

  protected get rows(): Rows {
    return this.database.prisma.sources
  }

  async isMember(groupId: string, identityId: string): Promise<boolean> {
    const rows = await this.database.query(
      sql`select 1 as member from group_members
        where group_id = ${groupId}::uuid and identity_id = ${identityId}::uuid`.toStatement(),
    )
    return rows.length > 0
  }
}
