import { Injectable } from '@nestjs/common'
import { Database, sql, type Fragment, type OffsetPage, type OffsetRequest, type Projection } from '#platform'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import type { SourceFields } from './sources.dto.ts'
import { managedBy, sourceKind } from './sources.fields.ts'

@Injectable()
export class SourcesRepository extends ObjectsRepository<SourceFields> {
  constructor(database: Database) {
    super(database, sourceKind)
  }

  protected get rows(): Rows {
    return this.database.prisma.sources
  }

  listManaged(view: Projection, page: OffsetRequest, seenBy: string | null, by: string): Promise<OffsetPage> {
    return this.listByOffset(view, page, seenBy, [managedBy(by)], { managed_by: by })
  }

  protected override visibleTo(subAdministrator: string | null): readonly Fragment[] {
    return subAdministrator === null ? [] : [managedBy(subAdministrator)]
  }

  async isMember(groupId: string, identityId: string): Promise<boolean> {
    const rows = await this.database.query(
      sql`select 1 as member from group_members
        where group_id = ${groupId}::uuid and identity_id = ${identityId}::uuid`.toStatement(),
    )
    return rows.length > 0
  }
}
