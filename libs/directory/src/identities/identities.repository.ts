import { Injectable } from '@nestjs/common'
import { Database, perRow, raw, sql, type OffsetPage, type OffsetRequest, type Projection } from '#platform'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import type { IdentityFields } from './identities.dto.ts'
import { identityKind } from './identities.fields.ts'
import type { Reporting } from './reporting.ts'

@Injectable()
export class IdentitiesRepository extends ObjectsRepository<IdentityFields> {
  constructor(database: Database) {
    super(database, identityKind)
  }

  protected get rows(): Rows {
    return this.database.prisma.identities
  }

  listReachable(view: Projection, page: OffsetRequest): Promise<OffsetPage> {
    return this.listByOffset(view, page, null, [raw('t.email is not null')], { reachable: true })
  }

  /** These identities, their proposed managers and everybody above them, as they are stored. */
  async above(proposed: readonly Reporting[]): Promise<Reporting[]> {
    const managers = proposed.flatMap(({ manager_id }) => manager_id ?? [])
    const ids = proposed.map(({ id }) => id)
    const stored = await this.database.query<Reporting>(
      sql`with recursive above(id, manager_id) as (
          select i.id, i.manager_id from identities i where i.id = any(${[...managers, ...ids]}::uuid[])
          union
          select i.id, i.manager_id from above a
            ${perRow(sql`select i.id, i.manager_id from identities i where i.id = a.manager_id`)} i
        )
        select id::text as id, manager_id::text as manager_id from above`.toStatement(),
    )
    return stored
  }
}
