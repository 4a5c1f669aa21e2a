import { listQuery, pageOf } from '#platform'
import { ApiProperty } from '@nestjs/swagger'
import { CreateCredential, CredentialView } from '../credentials.dto.ts'
import { apiKeyFilter } from '../credentials.fields.ts'

export class CreateApiKey extends CreateCredential {}

export class ApiKeyView extends CredentialView {
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when it is refused, until it is reinstated; null: it is not suspended',
  })
  suspended_at!: string | null
}

export class CreatedApiKey extends ApiKeyView {
  @ApiProperty({ type: String, description: 'The key itself. It is shown here and never again' })
  key!: string
}

export class ApiKeyPage extends pageOf(ApiKeyView) {}

export class ApiKeyQuery extends listQuery(apiKeyFilter) {}
