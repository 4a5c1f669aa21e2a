import { ApiProperty } from '@nestjs/swagger'
import type { BoundFilter, BoundSort } from '#filter'
import { Filter, OneOf, QueryFlag, Sort } from '#platform'
import { CollectionQuery } from '../../paging.ts'
import { IdentityReference } from '../references.dto.ts'
import { identityFields, publicIdentityFields } from './identities.fields.ts'

const instant = { type: String, format: 'date-time' } as const
const id = { type: String, description: 'Its id: 32 hexadecimal digits' } as const
const name = { type: String, description: 'The name that people know it by' } as const
const alias = {
  type: String,
  description: 'Its user name: the attribute `uid`, else its name in the system it comes from',
} as const

export class PublicIdentityAttribute {
  @ApiProperty({ type: String, description: 'What the attribute is called' })
  key!: string

  @ApiProperty({ type: String, description: 'What people call it' })
  name!: string

  @ApiProperty({ type: String, nullable: true, description: 'Its value' })
  value!: string | null
}

export class PublicIdentity {
  @ApiProperty(id)
  id!: string

  @ApiProperty(name)
  name!: string

  @ApiProperty(alias)
  alias!: string

  @ApiProperty({ type: String, nullable: true, description: 'Its e-mail address' })
  email!: string | null

  @ApiProperty({ type: String, nullable: true, description: 'Whether it is active, in words' })
  status!: string | null

  @ApiProperty({ enum: ['ACTIVE', 'INACTIVE_SHORT_TERM', 'INACTIVE_LONG_TERM'], description: 'The same' })
  identityState!: string

  @ApiProperty({ type: IdentityReference, nullable: true, description: 'Its manager' })
  manager!: IdentityReference | null

  @ApiProperty({ type: [PublicIdentityAttribute], description: 'Its public attributes; none is public yet' })
  attributes!: PublicIdentityAttribute[]
}

export class LifecycleStateDto {
  @ApiProperty({ type: String, description: '`active` or `inactive`' })
  stateName!: string

  @ApiProperty({ type: Boolean, description: 'Whether it was set by hand, against its source' })
  manuallyUpdated!: boolean
}

export class Identity {
  @ApiProperty(id)
  id!: string

  @ApiProperty(name)
  name!: string

  @ApiProperty({ ...instant, description: 'When it was made' })
  created!: string

  @ApiProperty({ ...instant, description: 'When it was changed last' })
  modified!: string

  @ApiProperty(alias)
  alias!: string

  @ApiProperty({ type: String, nullable: true, description: 'Its e-mail address' })
  emailAddress!: string | null

  @ApiProperty({ type: String, nullable: true, description: 'Nothing is processed here: null' })
  processingState!: string | null

  @ApiProperty({ enum: ['ACTIVE', 'DEACTIVATED'], description: 'Whether it is active' })
  identityStatus!: string

  @ApiProperty({ type: IdentityReference, nullable: true, description: 'Its manager' })
  managerRef!: IdentityReference | null

  @ApiProperty({ type: Boolean, description: 'Whether it is the manager of anybody' })
  isManager!: boolean

  @ApiProperty({ ...instant, description: 'When it was changed last' })
  lastRefresh!: string

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What else is known of it' })
  attributes!: Record<string, unknown>

  @ApiProperty({ type: LifecycleStateDto, nullable: true, description: 'Where it stands in its life' })
  lifecycleState!: LifecycleStateDto | null
}

export class PublicIdentityQuery extends CollectionQuery {
  @Filter(publicIdentityFields, { language: 'sailpoint', emptyIsNone: true })
  filters?: BoundFilter

  @Sort(publicIdentityFields, { emptyIsNone: true })
  sorters?: BoundSort

  @QueryFlag({ description: 'Whether only those with an e-mail address stand in the list' })
  'add-core-filters': boolean = false
}

export class IdentityQuery extends CollectionQuery {
  @Filter(identityFields, { language: 'sailpoint', emptyIsNone: true })
  filters?: BoundFilter

  @Sort(identityFields, { emptyIsNone: true })
  sorters?: BoundSort

  @OneOf({
    description: 'Every identity here is correlated, so both are the same',
    of: ['CORRELATED_ONLY', 'NONE'],
    optional: true,
    example: 'NONE',
  })
  defaultFilter: string = 'CORRELATED_ONLY'
}
