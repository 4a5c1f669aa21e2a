import { Injectable } from '@nestjs/common'
import { parseId } from '#kernel'
import { Database, sql, type OffsetPage, type OffsetRequest, type Projection } from '#platform'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import { segmentsOf } from '../segments/segments.fields.ts'
import { managedBy } from '../sources/sources.fields.ts'
import type { EntitlementFields } from './entitlements.dto.ts'
import { entitlementKind, inSegments } from './entitlements.fields.ts'

/** Which segments: those named, or those that an identity belongs to. */
export interface SegmentSelection {
  readonly segment_ids: readonly string[]
  readonly seen_by?: string
  /** With what is in no segment; true by default. */
  readonly include_unsegmented?: boolean
}

/** What another system calls an entitlement. */
export interface EntitlementName {
  /** The source's id or external id. */
  readonly source: string
  /** The entitlement's id, external id or value; the first of them that fits. */
  readonly entitlement: string
}

/** An entitlement that was found by such a name, with what else it could be called by. */
export interface NamedEntitlement {
  readonly id: string
  readonly source_id: string
  readonly external_id: string | null
  readonly type: string | null
  readonly attribute: string | null
}

@Injectable()
export class EntitlementsRepository extends ObjectsRepository<EntitlementFields> {
  constructor(database: Database) {
    super(database, entitlementKind)
  }

  protected get rows(): Rows {
    return this.database.prisma.entitlements
  }

  listSegmented(view: Projection, page: OffsetRequest, selection: SegmentSelection): Promise<OffsetPage> {
    const { segment_ids, seen_by, include_unsegmented = true } = selection
    const ids =
      seen_by === undefined ? sql`select unnest(${segment_ids}::uuid[])` : sql`select s.id ${segmentsOf(seen_by)}`
    return this.listByOffset(view, page, null, [inSegments(ids, include_unsegmented)], selection)
  }

  /** Whether the identity is a member of the source's management group. */
  async isManaged(sourceId: string, identityId: string): Promise<boolean> {
    const rows = await this.database.query(
      sql`select 1 as managed from sources t where t.id = ${sourceId}::uuid and ${managedBy(identityId)}`.toStatement(),
    )
    return rows.length > 0
  }

  /** Every entitlement that fits a name best, by the place of the name. */
  async fitting(names: readonly EntitlementName[]): Promise<ReadonlyMap<number, readonly NamedEntitlement[]>> {
    const rows = await this.database.query<{ place: number; entitlements: NamedEntitlement[] }>(
      sql`select place, entitlements from (
          select r.place, f.rank, json_agg(json_build_object('id', f.id, 'source_id', f.source_id, 'external_id', f.external_id,
            'type', f.type, 'attribute', f.attribute)) as entitlements, min(f.rank) over (partition by r.place) as best
          from jsonb_to_recordset(${JSON.stringify(names.map(asRow))}::text::jsonb)
              as r(place int, source text, source_id uuid, entitlement text, entitlement_id uuid)
            cross join lateral (
              select 1 as rank, e.id, e.source_id, e.external_id, e.type, e.attribute from entitlements e where e.id = r.entitlement_id
              union all
              select 2, e.id, e.source_id, e.external_id, e.type, e.attribute from entitlements e where e.external_id = r.entitlement
              union all
              select 3, e.id, e.source_id, e.external_id, e.type, e.attribute from entitlements e
              where e.value_key = fold(left(r.entitlement, 512)) and e.value = r.entitlement
            ) f
            join sources s on s.id = f.source_id and (s.id = r.source_id or s.external_id = r.source)
          group by r.place, f.rank
        ) found where rank = best`.toStatement(),
    )
    return new Map(rows.map(({ place, entitlements }) => [place, entitlements]))
  }
}

function asRow({ source, entitlement }: EntitlementName, place: number): object {
  return { place, source, source_id: parseId(source), entitlement, entitlement_id: parseId(entitlement) }
}
