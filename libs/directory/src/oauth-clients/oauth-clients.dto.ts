import { pageOf } from '#platform'
import { ApiProperty } from '@nestjs/swagger'
import { CreateCredential, CredentialView } from '../credentials.dto.ts'

export class CreateOAuthClient extends CreateCredential {}

export class OAuthClientView extends CredentialView {
  @ApiProperty({ type: String, description: 'For POST /oauth/token' })
  client_id!: string
}

export class CreatedOAuthClient extends OAuthClientView {
  @ApiProperty({ type: String, description: 'It is shown here and never again' })
  client_secret!: string
}

export class OAuthClientPage extends pageOf(OAuthClientView) {}
