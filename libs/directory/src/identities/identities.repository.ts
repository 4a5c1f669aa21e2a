import { Injectable } from '@nestjs/common'
import { Database, sql } from '#platform'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import type { IdentityFields } from './identities.dto.ts'
import { identityKind } from './identities.fields.ts'

/** Who an identity's manager is about to be. */
export interface Reporting {
  readonly id: string
  readonly manager_id: string | null
}

@Injectable()
export class IdentitiesRepository extends ObjectsRepository<IdentityFields> {
  constructor(database: Database) {
    super(database, identityKind)
  }

  protected get rows(): Rows {
    return this.database.prisma.identities
  }

  /**
   * Those of the proposed that would be their own manager if all of it were stored, directly or over others, and those
   * that would report to such a circle. Without them the rest can be stored.
   */
  async circular(proposed: readonly Reporting[]): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>(
      sql`with recursive proposed as (
          select * from jsonb_to_recordset(${JSON.stringify(proposed)}::text::jsonb) as p(id uuid, manager_id uuid)
        ), walk(start, at) as (
          select id, manager_id from proposed where manager_id is not null
          union
          select w.start, n.manager_id
          from walk w
          cross join lateral (
            select p.manager_id from proposed p where p.id = w.at
            union all
            select i.manager_id from identities i where i.id = w.at and not exists (select from proposed p where p.id = w.at)
          ) n
          where w.at <> w.start and n.manager_id is not null
        )
        select distinct start::text as id from walk where at in (select start from walk where at = start)`.toStatement(),
    )
    return new Set(rows.map(({ id }) => id))
  }
}
