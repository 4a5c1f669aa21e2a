import { ApiProperty } from '@nestjs/swagger'
import { Reference, listQuery, pageOf } from '#platform'
import { EntityReference } from '../decisions/decisions.dto.ts'
import { referencePattern } from '../decisions/references.ts'
import type { EntityRef } from '../engine/cedar.ts'
import { linkFilter } from './links.fields.ts'

const reference = new RegExp(referencePattern, 's')

export class CreatePolicyLink {
  @Reference({
    description: 'What fills `?principal`: `user:<id>`, `group:<id>`, or `{type, id}`',
    pattern: reference,
    optional: true,
    example: 'group:019a0000-0000-7000-8000-000000000300',
  })
  principal?: string | EntityRef

  @Reference({
    description: 'What fills `?resource`: `aws_account:123456789012`, or `{type, id}`',
    pattern: reference,
    optional: true,
  })
  resource?: string | EntityRef
}

export class LinkQuery extends listQuery(linkFilter) {}

export class PolicyLink {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The policy that it is of' })
  policy_id!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The template' })
  rule_id!: string

  @ApiProperty({ type: EntityReference, nullable: true, description: 'What fills `?principal`' })
  principal!: EntityReference | null

  @ApiProperty({ type: EntityReference, nullable: true, description: 'What fills `?resource`' })
  resource!: EntityReference | null

  @ApiProperty({ type: 'integer', description: 'Always 1: a link does not change; the ETag' })
  version!: number

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string
}

export class PolicyLinkPage extends pageOf(PolicyLink) {}
