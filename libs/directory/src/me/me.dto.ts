import { ApiProperty } from '@nestjs/swagger'
import { scopes, type Scope } from '#kernel'

export class ProfileView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: String, nullable: true })
  email!: string | null

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  manager_id!: string | null

  @ApiProperty({ type: String })
  lifecycle_state!: string

  @ApiProperty({ type: 'object', additionalProperties: true })
  attributes!: Record<string, unknown>

  @ApiProperty({ type: String, nullable: true })
  external_id!: string | null

  @ApiProperty({
    type: 'object',
    properties: { id: { type: 'string', format: 'uuid' }, name: { type: 'string' }, slug: { type: 'string' } },
    required: ['id', 'name', 'slug'],
  })
  tenant!: { id: string; name: string; slug: string }

  @ApiProperty({
    type: 'array',
    items: {
      type: 'object',
      properties: { id: { type: 'string', format: 'uuid' }, name: { type: 'string' } },
      required: ['id', 'name'],
    },
  })
  groups!: { id: string; name: string }[]
}

export class SignedInProfileView extends ProfileView {
  @ApiProperty({ enum: scopes, isArray: true, description: 'What the token allows' })
  scopes!: Scope[]
}

export class PermissionView {
  @ApiProperty({ enum: scopes })
  scope!: Scope

  @ApiProperty({ type: String })
  description!: string

  @ApiProperty({ type: Boolean, description: 'Whether the credential of this request has it' })
  held!: boolean
}

export class ResourcePermissions {
  @ApiProperty({ type: String, example: 'grants' })
  resource!: string

  @ApiProperty({ type: [PermissionView] })
  scopes!: PermissionView[]
}

export class PermissionsView {
  @ApiProperty({ type: [ResourcePermissions] })
  data!: ResourcePermissions[]
}
