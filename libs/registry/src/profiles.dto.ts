import { ApiProperty } from '@nestjs/swagger'
import { defaultLimit, maximumLimit } from '#kernel'
import { OneOf, QueryWhole, Text } from '#platform'

export const profileFilters = ['active', 'available', 'all'] as const

export class ProfileQuery {
  @QueryWhole({ description: 'How many profiles at most', min: 1, max: maximumLimit, default: defaultLimit })
  limit: number = defaultLimit

  @Text({ description: 'The `next_page_token` of the page before', optional: true, min: 0, max: 4096 })
  page_token?: string

  @OneOf({
    description: 'active: what you hold now; available: what you may ask for; all: both',
    optional: true,
    of: profileFilters,
    default: 'active',
  })
  status: (typeof profileFilters)[number] = 'active'
}

export class ProfileAttribute {
  @ApiProperty({ type: String, example: 'granted_sso_account_id', description: 'A setting of an AWS profile' })
  key!: string

  @ApiProperty({ type: String, example: '123456789012', description: 'What it is set to' })
  value!: string
}

export class ProfileView {
  @ApiProperty({
    type: String,
    description: 'The section of the AWS config file',
    example: 'profile production/ReadOnlyAccess',
  })
  name!: string

  @ApiProperty({ type: [ProfileAttribute], description: 'The keys of the section, in order' })
  attributes!: ProfileAttribute[]

  @ApiProperty({ enum: ['active', 'available'], description: 'Whether the person can use it now, or ask for it' })
  status!: 'active' | 'available'

  @ApiProperty({
    enum: ['auto', 'require'],
    required: false,
    description: 'Of an available profile: approved at once, or by somebody',
  })
  approval_mode?: 'auto' | 'require'
}

export class ProfilePage {
  @ApiProperty({ type: [ProfileView], description: 'By account, then by permission set' })
  profiles!: ProfileView[]

  @ApiProperty({
    type: [String],
    required: false,
    description: 'What the policies that permit to ask for what is available here tell people, when they tell anything',
  })
  notices?: string[]

  @ApiProperty({ type: String, description: 'The `page_token` of the next page; empty on the last one', example: '' })
  next_page_token!: string
}
