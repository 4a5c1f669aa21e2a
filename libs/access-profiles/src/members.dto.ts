import { ApiProperty } from '@nestjs/swagger'
import type { ErrorCode } from '#kernel'
import { IdList, listQuery, pageOf } from '#platform'
import { memberFilter } from './access-profiles.filter.fields.ts'

export class AddMembers {
  @IdList({
    description: 'The identities that are to hold the profile',
    max: 1000,
    example: ['019a0000-0000-7000-8000-000000000001'],
  })
  identity_ids!: string[]
}

export class Member {
  @ApiProperty({ type: String, format: 'uuid', description: 'The access profile' })
  profile_id!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The person' })
  identity_id!: string

  @ApiProperty({ type: String, description: 'What made the assignment: `manual`, `import`, or another process' })
  created_from!: string

  @ApiProperty({ type: String, description: 'The credential that made it' })
  created_by!: string

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string
}

export class MemberQuery extends listQuery(memberFilter) {}

export class MemberPage extends pageOf(Member) {}

export class MemberError {
  @ApiProperty({ type: String, description: 'One of the codes of errors' })
  code!: ErrorCode

  @ApiProperty({ type: String, description: 'What was wrong, and what would be right' })
  message!: string
}

export class MemberOutcome {
  @ApiProperty({ type: String, format: 'uuid', description: 'The person' })
  identity_id!: string

  @ApiProperty({ enum: ['added', 'removed', 'unchanged', 'failed'], description: 'What came of it' })
  outcome!: 'added' | 'removed' | 'unchanged' | 'failed'

  @ApiProperty({ type: MemberError, required: false, description: 'Why it failed' })
  error?: MemberError
}

export class MembersReport {
  @ApiProperty({ type: [MemberOutcome], description: 'One for each identity, in the order of the request' })
  items!: MemberOutcome[]
}
