import { ApiProperty, OmitType } from '@nestjs/swagger'
import type { BoundFilter, BoundSort } from '#filter'
import { Filter, Sort, Text } from '#platform'
import { AccessProfile } from '../../access-profiles/access-profiles.dto.ts'
import { ShortCollectionQuery } from '../../paging.ts'
import { ForSegmentIds, IncludeUnsegmented, type SegmentQuery } from '../../segment-query.ts'
import { roleFields } from './roles.fields.ts'

const free = { type: 'object', additionalProperties: true, nullable: true } as const

export class AccessProfileRef {
  @ApiProperty({ enum: ['ACCESS_PROFILE'], description: 'What it is' })
  type!: string

  @ApiProperty({ type: String, description: 'Its id: 32 hexadecimal digits' })
  id!: string

  @ApiProperty({ type: String, description: 'Its name as it is now' })
  name!: string
}

/** An access profile that inherits from others. */
export class Role extends OmitType(AccessProfile, ['source', 'provisioningCriteria'] as const) {
  @ApiProperty({ type: [AccessProfileRef], description: 'What it inherits from' })
  accessProfiles!: AccessProfileRef[]

  @ApiProperty({ ...free, description: 'Who is given it by rules: nobody, so null' })
  membership!: object | null

  @ApiProperty({ ...free, description: 'null' })
  legacyMembershipInfo!: object | null

  @ApiProperty({ type: Boolean, description: 'Whether it has dimensions; it has none' })
  dimensional!: boolean

  @ApiProperty({ type: [Object], nullable: true, description: 'null' })
  dimensionRefs!: object[] | null

  @ApiProperty({ type: String, nullable: true, description: 'null' })
  privilegeLevel!: string | null
}

export class RoleQuery extends ShortCollectionQuery implements SegmentQuery {
  @Filter(roleFields, { language: 'sailpoint', emptyIsNone: true })
  filters?: BoundFilter

  @Sort(roleFields, { emptyIsNone: true })
  sorters?: BoundSort

  @Text({
    description: 'Only what this sub-administrator sees: the id of an identity, or `me`',
    optional: true,
    max: 64,
  })
  'for-subadmin'?: string

  @ForSegmentIds()
  'for-segment-ids'?: string

  @IncludeUnsegmented()
  'include-unsegmented': boolean = true
}
