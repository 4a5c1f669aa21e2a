import { ApiProperty, PartialType } from '@nestjs/swagger'
import { Id, listQuery, pageOf } from '#platform'
import { VersionContents } from './access-profiles.dto.ts'
import { versionFilter } from './access-profiles.filter.fields.ts'

export class CreateVersion extends VersionContents {
  @Id({ description: 'The policy that decides about requests for it', optional: true, nullable: true })
  access_request_policy_id?: string | null
}

export class UpdateVersion extends PartialType(CreateVersion, { skipNullProperties: false }) {}

export class AccessProfileVersion {
  @ApiProperty({ type: String, format: 'uuid', description: 'The access profile' })
  profile_id!: string

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Its number among the versions of the profile' })
  number!: number

  @ApiProperty({
    enum: ['draft', 'published', 'retired'],
    description: 'A draft can still be changed; one version at most is published; a retired one was',
  })
  state!: 'draft' | 'published' | 'retired'

  @ApiProperty({
    type: 'array',
    items: {
      type: 'object',
      required: ['entitlement_id', 'details'],
      properties: {
        entitlement_id: { type: 'string', format: 'uuid' },
        details: { type: 'object', additionalProperties: true },
      },
    },
    description: 'What it gives of its own',
  })
  entitlements!: { entitlement_id: string; details: Record<string, unknown> }[]

  @ApiProperty({
    type: [String],
    format: 'uuid',
    description: 'The access profiles whose entitlements it gives as well',
  })
  inherits!: string[]

  @ApiProperty({ type: String, nullable: true, description: 'Kept for clients of Veza' })
  application_datasource_id!: string | null

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, description: 'Kept for clients of Veza' })
  application_sync_identity_action!: Record<string, unknown> | null

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Kept for clients of Veza' })
  access_request_policy_id!: string | null

  @ApiProperty({ type: String, description: 'The credential that made it' })
  created_by!: string

  @ApiProperty({ type: String, nullable: true, description: 'The credential that published it' })
  published_by!: string | null

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: not yet' })
  published_at!: string | null

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Grows with each change; also the ETag' })
  version!: number

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string
}

export class VersionQuery extends listQuery(versionFilter) {}

export class VersionPage extends pageOf(AccessProfileVersion) {}
