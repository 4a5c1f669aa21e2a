import { listQuery, longestClientLifetime, pageOf, Whole } from '#platform'
import { ApiProperty } from '@nestjs/swagger'
import { CreateCredential, CredentialView } from '../credentials.dto.ts'
import { oauthClientFilter } from '../credentials.fields.ts'

export class CreateOAuthClient extends CreateCredential {
  @Whole({
    description: 'How many seconds its access tokens are good for; left out or null: as long as the server says',
    optional: true,
    nullable: true,
    min: 15,
    max: longestClientLifetime,
    example: 900,
  })
  token_lifetime_seconds?: number | null
}

export class OAuthClientView extends CredentialView {
  @ApiProperty({ type: String, description: 'For POST /oauth/token' })
  client_id!: string

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'How many seconds its access tokens are good for; null: as long as the server says',
  })
  token_lifetime_seconds!: number | null

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'The scopes in the words of the API that it was made with, when that is another one',
  })
  scope_names!: string[] | null
}

export class CreatedOAuthClient extends OAuthClientView {
  @ApiProperty({ type: String, description: 'It is shown here and never again' })
  client_secret!: string
}

export class OAuthClientPage extends pageOf(OAuthClientView) {}

export class OAuthClientQuery extends listQuery(oauthClientFilter) {}
