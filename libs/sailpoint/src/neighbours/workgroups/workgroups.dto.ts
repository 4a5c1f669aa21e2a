import { ApiProperty, PartialType } from '@nestjs/swagger'
import type { BoundFilter, BoundSort } from '#filter'
import { Filter, IdList, Nested, ReadOnly, Sort, Text } from '#platform'
import { CollectionQuery, ShortCollectionQuery } from '../../paging.ts'
import { memberFields } from '../identities/identities.fields.ts'
import { IdentityReference } from '../references.dto.ts'
import { connectionFields, workgroupFields } from './workgroups.fields.ts'

const unset = { optional: true, nullable: true }

export class WorkgroupOwner extends IdentityReference {
  @ReadOnly({ description: 'Its name as it is now', type: { type: String } })
  displayName?: string

  @ReadOnly({ description: 'Its e-mail address', type: { type: String } })
  emailAddress?: string
}

/** A governance group, in bodies and in answers. What the server sets is ignored in a body. */
export class WorkgroupDto {
  @ReadOnly({ description: 'Its id: 32 hexadecimal digits', type: { type: String } })
  id?: string

  @Nested(() => WorkgroupOwner, { description: 'Who answers for it', open: true, ...unset })
  owner?: WorkgroupOwner | null

  @Text({ description: 'No two groups have the same', example: 'DB access reviewers' })
  name!: string

  @Text({ description: 'What it is for', min: 0, max: 4096, multiline: true, ...unset, example: 'They decide' })
  description?: string | null

  @ReadOnly({ description: 'How many members it has', type: { type: 'integer' } })
  memberCount?: number

  @ReadOnly({ description: 'To how many objects it is connected', type: { type: 'integer' } })
  connectionCount?: number

  @ReadOnly({ description: 'When it was made', type: { type: String, format: 'date-time' } })
  created?: string

  @ReadOnly({ description: 'When it was changed last', type: { type: String, format: 'date-time' } })
  modified?: string
}

/** What a patch has changed of a governance group. */
export class WorkgroupChange extends PartialType(WorkgroupDto, { skipNullProperties: false }) {}

export class WorkgroupQuery extends CollectionQuery {
  @Filter(workgroupFields, { language: 'sailpoint', emptyIsNone: true })
  filters?: BoundFilter

  @Sort(workgroupFields, { emptyIsNone: true })
  sorters?: BoundSort
}

export class WorkgroupMemberQuery extends ShortCollectionQuery {
  @Sort(memberFields, { emptyIsNone: true })
  sorters?: BoundSort
}

export class WorkgroupConnectionQuery extends ShortCollectionQuery {
  @Sort(connectionFields, { emptyIsNone: true })
  sorters?: BoundSort
}

export class WorkgroupMember {
  @ApiProperty({ enum: ['IDENTITY'], description: 'What it is' })
  type!: string

  @ApiProperty({ type: String, description: 'Its id: 32 hexadecimal digits' })
  id!: string

  @ApiProperty({ type: String, description: 'Its name' })
  name!: string

  @ApiProperty({ type: String, description: 'Its e-mail address, or nothing' })
  email!: string
}

export class ConnectedObject {
  @ApiProperty({ enum: ['ACCESS_PROFILE', 'ROLE', 'SOURCE'], description: 'What it is' })
  type!: string

  @ApiProperty({ type: String, description: 'Its id: 32 hexadecimal digits' })
  id!: string

  @ApiProperty({ type: String, description: 'Its name' })
  name!: string

  @ApiProperty({ type: String, nullable: true, description: 'What it is for' })
  description!: string | null
}

export class WorkgroupConnectionDto {
  @ApiProperty({ type: ConnectedObject, description: 'To what the group is connected' })
  object!: ConnectedObject

  @ApiProperty({ enum: ['AccessRequestReviewer', 'Owner', 'ManagementWorkgroup'], description: 'How' })
  connectionType!: string
}

export class WorkgroupBulkDeleteRequest {
  @IdList({
    description: 'The groups, at most 100',
    max: 100,
    dashes: 'optional',
    example: ['019a0000000070008000000000000300'],
  })
  ids!: string[]
}

/** What became of one of many. */
export class WorkgroupItem {
  @ApiProperty({ type: String, description: 'Which one, as it was sent' })
  id!: string

  @ApiProperty({ type: 'integer', description: '201 added, 204 gone, 404 not found, 409 in use or a member already' })
  status!: number

  @ApiProperty({ type: String, description: 'The same in words' })
  description!: string
}
