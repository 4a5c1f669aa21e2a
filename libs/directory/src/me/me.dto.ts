import { ApiProperty } from '@nestjs/swagger'
import { scopes, type Scope } from '#kernel'

export class ProfileView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: String, nullable: true, description: 'null: none is known' })
  email!: string | null

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The identity of the manager' })
  manager_id!: string | null

  @ApiProperty({ type: String, description: 'Where the person stands, in the words of whoever keeps the directory' })
  lifecycle_state!: string

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What the directory knows of the person besides',
  })
  attributes!: Record<string, unknown>

  @ApiProperty({ type: String, nullable: true, description: "The person's id where the directory comes from" })
  external_id!: string | null

  @ApiProperty({
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      name: { type: 'string' },
      slug: { type: 'string', description: 'Its short name in addresses' },
    },
    required: ['id', 'name', 'slug'],
    description: 'The tenant of the credential',
  })
  tenant!: { id: string; name: string; slug: string }

  @ApiProperty({
    type: 'array',
    items: {
      type: 'object',
      properties: { id: { type: 'string', format: 'uuid' }, name: { type: 'string' } },
      required: ['id', 'name'],
    },
    description: 'The groups that the person is a member of',
  })
  groups!: { id: string; name: string }[]
}

export class SignedInProfileView extends ProfileView {
  @ApiProperty({ enum: scopes, isArray: true, description: 'What the token allows' })
  scopes!: Scope[]
}

export class PermissionView {
  @ApiProperty({ enum: scopes, description: 'The scope that allows it' })
  scope!: Scope

  @ApiProperty({ type: String, description: 'What it allows' })
  description!: string

  @ApiProperty({ type: Boolean, description: 'Whether the credential of this request has it' })
  held!: boolean
}

export class ResourcePermissions {
  @ApiProperty({ type: String, example: 'grants', description: 'What the scopes are about' })
  resource!: string

  @ApiProperty({ type: [PermissionView], description: 'The scopes of the credential' })
  scopes!: PermissionView[]
}

export class PermissionsView {
  @ApiProperty({ type: [ResourcePermissions], description: 'By what they are about' })
  data!: ResourcePermissions[]
}
