import { ApiProperty } from '@nestjs/swagger'
import { actorTypes } from '#kernel'
import { Instant, Text, listQuery, pageOf } from '#platform'
import { auditFilter } from './audit-log.fields.ts'

export class AuditLogQuery extends listQuery(auditFilter) {
  @Text({ description: 'Entries of this actor: a credential, an identity, a job', optional: true })
  actor_id?: string

  @Text({ description: 'Entries on this type of object', optional: true, example: 'grant' })
  resource_type?: string

  @Text({ description: 'Entries on this object', optional: true })
  resource_id?: string

  @Text({ description: 'Entries of this action', optional: true, example: 'grant.revoked' })
  action?: string

  @Instant({ description: 'Entries at or after this time', optional: true, example: '2026-01-01T00:00:00Z' })
  from?: string

  @Instant({ description: 'Entries before this time', optional: true, example: '2030-01-01T00:00:00Z' })
  to?: string
}

export class AuditEntryView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: 'integer', description: 'Its place in the chain of the tenant, from 1' })
  seq!: number

  @ApiProperty({ type: String, description: 'The credential, identity or job that did it' })
  actor_id!: string

  @ApiProperty({ enum: actorTypes, description: 'What the actor is' })
  actor_type!: string

  @ApiProperty({
    type: String,
    example: 'grant.revoked',
    description: 'What was done: the type of the object, and what happened to it',
  })
  action!: string

  @ApiProperty({ type: String, example: 'grant', description: 'The type of the object' })
  resource_type!: string

  @ApiProperty({ type: String, description: 'The object' })
  resource_id!: string

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What else belongs to it, such as the fields that changed',
  })
  metadata!: Record<string, unknown>

  @ApiProperty({ type: String, nullable: true, description: 'Why, in the words of who did it' })
  reasoning!: string | null

  @ApiProperty({ type: String, nullable: true, description: 'The X-Request-Id of the request that did it' })
  request_id!: string | null

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, description: 'SHA-256 of the entry before it, hex' })
  prev_hash!: string

  @ApiProperty({ type: String, description: 'SHA-256 over prev_hash and this entry, hex' })
  hash!: string
}

export class AuditLogPage extends pageOf(AuditEntryView) {}

export class AuditBreak {
  @ApiProperty({ type: 'integer', description: 'The first place at which the chain does not hold' })
  seq!: number

  @ApiProperty({
    enum: ['missing', 'altered', 'broken_link', 'truncated'],
    description:
      'missing: no entry at this place; altered: the entry is not what was hashed; broken_link: it does not follow the entry before it; truncated: the log ends before its recorded end',
  })
  reason!: 'missing' | 'altered' | 'broken_link' | 'truncated'
}

export class AuditVerification {
  @ApiProperty({ type: Boolean, description: 'Whether every entry is there, unaltered and in its place' })
  valid!: boolean

  @ApiProperty({ type: 'integer', description: 'How many entries were checked' })
  entries!: number

  @ApiProperty({
    type: String,
    description: 'The hash of the last entry, hex: keep it to prove later that nothing before it changed',
  })
  head!: string

  @ApiProperty({ type: AuditBreak, nullable: true, description: 'null: there is none' })
  first_break!: AuditBreak | null
}
