import { ApiProperty, getSchemaPath, IntersectionType, OmitType } from '@nestjs/swagger'
import type { Type } from '@nestjs/common'
import type { ErrorCode } from '#kernel'
import { Id, QueryFlag, Text, TextList } from '#platform'
import { CreateEntitlement } from '../entitlements/entitlements.dto.ts'
import { CreateGroup } from '../groups/groups.dto.ts'
import { CreateIdentity } from '../identities/identities.dto.ts'
import { CreateSegment } from '../segments/segments.dto.ts'
import { CreateSource } from '../sources/sources.dto.ts'

const name = (what: string) => ({ description: `The external id of ${what}` })
const optionalName = (what: string) => ({ ...name(what), optional: true, nullable: true })

/** What names an object of the directory in a file. */
export class NamedLine {
  @Text(name('the object: the same one is the same object, in this import and the next'))
  external_id!: string

  @Id({ description: 'Kept as the id of a new object', optional: true })
  id?: string
}

/** A body as a line: references are external ids, so the fields with ids are left out. */
function lineOf<T extends object, K extends keyof T>(
  body: Type<T>,
  ids: readonly K[],
): Type<Omit<T, K | 'external_id'> & NamedLine> {
  return IntersectionType(OmitType(body as Type<object>, [...ids, 'external_id'] as never[]), NamedLine) as Type<
    Omit<T, K | 'external_id'> & NamedLine
  >
}

export class IdentityLine extends lineOf(CreateIdentity, ['manager_id']) {
  @Text(optionalName('the manager, an identity'))
  manager?: string | null
}

export class GroupLine extends lineOf(CreateGroup, ['owner_id']) {
  @Text(optionalName('the owner, an identity'))
  owner?: string | null

  @TextList({
    description: 'The external ids of all its members; when it is absent, the members stay',
    max: 100_000,
    optional: true,
  })
  members?: string[]
}

export class SourceLine extends lineOf(CreateSource, ['owner_id', 'management_group_id']) {
  @Text(optionalName('the owner, an identity'))
  owner?: string | null
}

export class SegmentLine extends lineOf(CreateSegment, ['owner_id']) {
  @Text(optionalName('the owner, an identity'))
  owner?: string | null
}

export class EntitlementLine extends lineOf(CreateEntitlement, [
  'source_id',
  'owner_id',
  'segment_ids',
  'request_config',
  'revocation_config',
]) {
  @Text(name('the source'))
  source!: string

  @Text(optionalName('the owner, an identity'))
  owner?: string | null
}

export class ImportQuery {
  @QueryFlag({ description: 'true: when any line fails, nothing is stored' })
  atomic: boolean = false
}

export class ImportCounts {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Lines that made an object' })
  created: number = 0

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Lines that changed one' })
  updated: number = 0

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Stored already, just so' })
  unchanged: number = 0

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Of a type that this server does not hold yet; import the file again once it does',
  })
  deferred: number = 0

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Lines that were refused; `failures` says why' })
  failed: number = 0
}

export class ImportFailure {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'The number of the line, from 1' })
  line!: number

  @ApiProperty({ type: String, nullable: true, description: 'The type of the line, where it says one' })
  type!: string | null

  @ApiProperty({ type: String, nullable: true, description: 'The external id of the line, where it says one' })
  external_id!: string | null

  @ApiProperty({ type: String, example: 'invalid_body', description: 'One of the codes of errors' })
  code!: ErrorCode

  @ApiProperty({
    type: String,
    example: 'manager: no identity has the external id p-1',
    description: 'What was wrong, and what would be right',
  })
  message!: string
}

export class ImportReport {
  @ApiProperty({ type: Boolean, description: 'False when an atomic import was refused' })
  stored!: boolean

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Lines that hold something' })
  lines!: number

  @ApiProperty({
    type: 'object',
    description: 'By type of line, for the types that the file has; lines of no known type count in `total` only',
    additionalProperties: { $ref: getSchemaPath(ImportCounts) },
    example: { identity: { created: 12, updated: 0, unchanged: 3, deferred: 0, failed: 0 } },
  })
  counts!: Record<string, ImportCounts>

  @ApiProperty({ type: ImportCounts, description: 'All types together' })
  total!: ImportCounts

  @ApiProperty({
    type: [ImportFailure],
    maxItems: 1000,
    description: 'At most 1,000 of them, in the order of the lines; `total.failed` counts all',
  })
  failures!: ImportFailure[]
}
