import { ApiProperty } from '@nestjs/swagger'
import { scopes, type Scope } from '#kernel'
import { Id, Instant, SetOf, Text } from '#platform'

/** What an API key or an OAuth client is made of. */
export class CreateCredential {
  @Text({ description: 'What it is for', example: 'Nightly export' })
  name!: string

  @SetOf({
    description: "What it may do, all within its maker's own scopes; left out: all of them",
    optional: true,
    of: scopes,
    example: ['grants:read'],
  })
  scopes?: readonly Scope[]

  @Instant({
    description: "When it ends, not later than its maker's own credential; left out: with that, or never",
    optional: true,
    nullable: true,
    example: '2030-01-01T00:00:00Z',
  })
  expires_at?: string | null

  @Id({
    description:
      "The identity that it stands for: its maker's own, or anybody's for a maker with `identities:write` and `grants:write`; left out: none, it is a machine. A maker who is a person and no `ORG_ADMIN` names its own",
    optional: true,
    nullable: true,
  })
  identity_id?: string | null
}

export class CredentialView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ enum: scopes, isArray: true, description: 'What it may do' })
  scopes!: Scope[]

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The identity that it stands for; null for a machine',
  })
  identity_id!: string | null

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it ends; null: never' })
  expires_at!: string | null

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'To the minute' })
  last_used_at!: string | null

  @ApiProperty({ type: String, description: 'Who made it: the id of a credential or of an identity' })
  created_by!: string

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string
}
