import { ApiProperty } from '@nestjs/swagger'

export class TokenRequest {
  @ApiProperty({ enum: ['client_credentials'], description: 'The only grant there is', example: 'client_credentials' })
  grant_type!: string

  @ApiProperty({
    type: String,
    description: 'As POST /v1/oauth-clients gave it',
    example: 'castellan_client_0ecSI2gOALKy0GL6Npt1xhdoKoDIw5VZTbkuAtI16djxRrNUu',
  })
  client_id!: string

  @ApiProperty({
    type: String,
    description: 'Shown once, when the client was made; of the demo, by `npm start`',
    example: 'castellan_secret_…',
  })
  client_secret!: string

  @ApiProperty({
    type: String,
    required: false,
    description: 'Scopes with spaces between; left out: all that the client has',
    example: 'registry:read',
  })
  scope?: string
}

export class TokenAnswer {
  @ApiProperty({ type: String, description: 'A JWT, for Authorization: Bearer' })
  access_token!: string

  @ApiProperty({ enum: ['bearer'], description: 'RFC 6750' })
  token_type!: 'bearer'

  @ApiProperty({ type: 'integer', description: 'In so many seconds' })
  expires_in!: number

  @ApiProperty({ type: String, example: 'grants:read', description: 'What it may do, with spaces between' })
  scope!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The tenant of the client' })
  tenant_id!: string

  @ApiProperty({
    type: String,
    format: 'uuid',
    required: false,
    description: 'The identity that the client stands for',
  })
  identity_id?: string

  @ApiProperty({ type: String, required: false, description: 'Whom the token speaks for: the same' })
  user_id?: string

  @ApiProperty({ type: String, description: 'The slug of the tenant' })
  org!: string

  @ApiProperty({ type: String, format: 'uuid', description: 'The id of the token' })
  jti!: string
}

export class JwksAnswer {
  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: { type: 'string' } },
    description: 'RFC 7517',
  })
  keys!: Record<string, string>[]
}

export class OAuthInfoAnswer {
  @ApiProperty({ type: String, description: 'The `iss` of the tokens' })
  issuerURI!: string

  @ApiProperty({ type: String, description: 'Where tokens are' })
  tokenEndpoint!: string

  @ApiProperty({ type: String, description: 'Where the keys of the tokens are' })
  jwksEndpoint!: string
}

export class DiscoveryAnswer {
  @ApiProperty({ type: String, description: 'The `iss` of the tokens' })
  issuer!: string

  @ApiProperty({ type: String, description: 'Where tokens are' })
  token_endpoint!: string

  @ApiProperty({ type: String, description: 'Where the keys of the tokens are' })
  jwks_uri!: string

  @ApiProperty({ type: [String], description: 'RFC 6749, section 4.4' })
  grant_types_supported!: string[]

  @ApiProperty({ type: [String], description: 'Where a client may put its secret' })
  token_endpoint_auth_methods_supported!: string[]

  @ApiProperty({ type: [String], description: 'All the scopes there are' })
  scopes_supported!: string[]

  @ApiProperty({ type: [String], description: 'None: there is no sign-in page' })
  response_types_supported!: string[]

  @ApiProperty({ type: [String], description: 'Every client sees the same `sub`' })
  subject_types_supported!: string[]

  @ApiProperty({ type: [String], description: 'How tokens are signed' })
  id_token_signing_alg_values_supported!: string[]
}
