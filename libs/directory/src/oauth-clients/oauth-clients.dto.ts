import { ApiProperty } from '@nestjs/swagger'
import { scopes, type Scope } from '#kernel'
import { Id, SetOf, Text } from '#platform'

export class CreateOAuthClient {
  @Text({ description: 'What it is for', example: 'Terraform' })
  name!: string

  @Id({
    description: 'The identity that it stands for (a personal access token); left out: a service',
    optional: true,
    nullable: true,
  })
  identity_id?: string | null

  @SetOf({
    description: "What it may do, all within its maker's own scopes; left out: all of them",
    optional: true,
    of: scopes,
    example: ['grants:read'],
  })
  scopes?: readonly Scope[]
}

export class OAuthClientView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String, description: 'For POST /oauth/token' })
  client_id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ enum: scopes, isArray: true })
  scopes!: Scope[]

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The identity that it stands for; null for a service',
  })
  identity_id!: string | null

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'To the minute' })
  last_used_at!: string | null

  @ApiProperty({ type: String, description: 'Who made it: the id of a credential or of an identity' })
  created_by!: string

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string
}

export class CreatedOAuthClient extends OAuthClientView {
  @ApiProperty({ type: String, description: 'It is shown here and never again' })
  client_secret!: string
}

export class OAuthClientPage {
  @ApiProperty({ type: [OAuthClientView] })
  data!: OAuthClientView[]

  @ApiProperty({ type: String, nullable: true, description: 'The cursor of the next page; null on the last one' })
  next_cursor!: string | null

  @ApiProperty({ type: Boolean })
  has_more!: boolean
}
