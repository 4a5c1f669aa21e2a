import { ApiProperty } from '@nestjs/swagger'
import type { BoundFilter } from '#filter'
import { Filter, Instant, longestClientLifetime, Text, TextList, Whole } from '#platform'
import { CollectionQuery } from '../../paging.ts'
import { tokenFields } from './tokens.fields.ts'

const unset = { optional: true, nullable: true }
const instant = { type: String, format: 'date-time' } as const

export class CreatePersonalAccessTokenRequest {
  @Text({ description: 'What it is for', example: 'Nightly export' })
  name!: string

  @TextList({
    description: 'What it may do, in SailPoint’s words; left out: `sp:scopes:all`, all that its maker may',
    max: 64,
    ...unset,
    example: ['sp:scopes:default'],
  })
  scope?: string[] | null

  @Whole({
    description: 'How many seconds its access tokens are good for',
    min: 15,
    max: longestClientLifetime,
    ...unset,
    example: 43_200,
  })
  accessTokenValiditySeconds?: number | null

  @Instant({
    description: 'When it ends; left out: in six months, or with the credential that makes it',
    ...unset,
    example: '2027-06-01T00:00:00Z',
  })
  expirationDate?: string | null
}

/** What a patch has changed of a token. */
export class PersonalAccessTokenChange {
  @Text({ description: 'What it is for', optional: true })
  name?: string

  @TextList({ description: 'What it may do', max: 64, ...unset })
  scope?: string[] | null

  @Whole({ description: 'How long its access tokens are good for', min: 15, max: longestClientLifetime, ...unset })
  accessTokenValiditySeconds?: number | null

  @Instant({ description: 'When it ends', ...unset })
  expirationDate?: string | null
}

export class PatOwner {
  @ApiProperty({ enum: ['IDENTITY'], description: 'Always IDENTITY' })
  type!: 'IDENTITY'

  @ApiProperty({ type: String, description: 'The identity' })
  id!: string

  @ApiProperty({ type: String, description: 'Its name as it is now' })
  name!: string
}

class PersonalAccessToken {
  @ApiProperty({ type: String, description: 'Its id: also the `client_id` for `POST /oauth/token`' })
  id!: string

  @ApiProperty({ type: String, description: 'What it is for' })
  name!: string

  @ApiProperty({ type: [String], description: 'What it may do' })
  scope!: string[]

  @ApiProperty({ type: PatOwner, description: 'For whom it speaks' })
  owner!: PatOwner

  @ApiProperty({ ...instant, description: 'When it was made' })
  created!: string

  @ApiProperty({ type: 'integer', description: 'How many seconds its access tokens are good for' })
  accessTokenValiditySeconds!: number
}

export class GetPersonalAccessTokenResponse extends PersonalAccessToken {
  @ApiProperty({ ...instant, nullable: true, description: 'When it was used last, to the minute' })
  lastUsed!: string | null

  @ApiProperty({ type: Boolean, description: 'Whether the server manages it; it does not' })
  managed!: boolean

  @ApiProperty({ ...instant, required: false, description: 'When it ends; absent for a client that never does' })
  expirationDate?: string
}

export class CreatePersonalAccessTokenResponse extends PersonalAccessToken {
  @ApiProperty({ ...instant, description: 'When it ends' })
  expirationDate!: string

  @ApiProperty({ type: String, description: 'The `client_secret`; it is shown here and never again' })
  secret!: string
}

export class PersonalAccessTokenQuery extends CollectionQuery {
  @Filter(tokenFields, { language: 'sailpoint', emptyIsNone: true })
  filters?: BoundFilter

  @Text({
    description: 'Only the tokens of this identity, or `me`; left out: those of everybody, for which it takes more',
    optional: true,
    max: 64,
  })
  'owner-id'?: string
}
