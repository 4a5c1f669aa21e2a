import { Injectable } from '@nestjs/common'
import {
  Database,
  oldestFirst,
  readOffsetPage,
  readPage,
  sql,
  type Fragment,
  type JsonText,
  type OffsetPage,
  type OffsetRequest,
  type PageRequest,
  type Projection,
} from '#platform'
import { identityKind } from '../identities/identities.fields.ts'
import { ObjectsRepository, type Rows } from '../objects.repository.ts'
import type { GroupFields } from './groups.dto.ts'
import { groupKind } from './groups.fields.ts'

export interface Membership {
  readonly group_id: string
  readonly identity_id: string
}

@Injectable()
export class GroupsRepository extends ObjectsRepository<GroupFields> {
  constructor(database: Database) {
    super(database, groupKind)
  }

  protected get rows(): Rows {
    return this.database.prisma.groups
  }

  listMembers(groupId: string, page: PageRequest): Promise<JsonText> {
    return readPage(this.database, identityKind.projection, page, [isMember(groupId)], { member_of: groupId })
  }

  listMembersByOffset(groupId: string, page: OffsetRequest, view: Projection): Promise<OffsetPage> {
    return readOffsetPage(this.database, view, page, [isMember(groupId)], { member_of: groupId }, oldestFirst)
  }

  membersOf(groupIds: readonly string[]): Promise<Membership[]> {
    return this.database.query(
      sql`select group_id::text as group_id, identity_id::text as identity_id from group_members
        where group_id = any(${groupIds}::uuid[])`.toStatement(),
    )
  }

  /** Those that were not there before. */
  addMembers(memberships: readonly Membership[]): Promise<Membership[]> {
    return this.database.query(
      sql`insert into group_members (group_id, identity_id)
        select r.group_id, r.identity_id from ${recordset(memberships)}
        on conflict do nothing
        returning group_id::text as group_id, identity_id::text as identity_id`.toStatement(),
    )
  }

  /** Those that were there before. */
  removeMembers(memberships: readonly Membership[]): Promise<Membership[]> {
    return this.database.query(
      sql`delete from group_members m using ${recordset(memberships)}
        where m.group_id = r.group_id and m.identity_id = r.identity_id
        returning m.group_id::text as group_id, m.identity_id::text as identity_id`.toStatement(),
    )
  }
}

function isMember(groupId: string): Fragment {
  return sql`exists (select from group_members m where m.group_id = ${groupId}::uuid and m.identity_id = t.id)`
}

function recordset(memberships: readonly Membership[]) {
  return sql`jsonb_to_recordset(${JSON.stringify(memberships)}::text::jsonb) as r(group_id uuid, identity_id uuid)`
}
