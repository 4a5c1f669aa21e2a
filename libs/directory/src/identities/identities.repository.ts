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

  /**
   * Whether who signs in for the first time can become this identity by the field: by `email` while nobody has signed in as it,
   * by `external_id` while nobody of the same provider has.
   */
  async isFoundBy(field: 'external_id' | 'email', id: string): Promise<boolean> {
    const [row] = await this.database.query<{ found: boolean }>(
      sql`select exists (
          select from oidc_issuers o where o.identity_match = ${field} and not exists (
            select from identity_links l
            where l.identity_id = ${id}::uuid and (${field}::text = 'email' or l.issuer_id = o.id))
        ) as found`.toStatement(),
    )
    return row?.found ?? true
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
