import { ApiProperty } from '@nestjs/swagger'
import type { BoundFilter, BoundSort } from '#filter'
import { Filter, Sort } from '#platform'
import { CollectionQuery } from '../../paging.ts'
import { profileEntitlementFields } from './entitlements.fields.ts'

class Reference {
  @ApiProperty({ type: String, description: 'Which one' })
  id!: string

  @ApiProperty({ type: String, description: 'What it is' })
  type!: string

  @ApiProperty({ type: String, nullable: true, description: 'Its name as it is now' })
  name!: string | null
}

export class EntitlementOwner extends Reference {}
export class EntitlementSource extends Reference {}
export class EntitlementAdditionalOwner extends Reference {}

export class PermissionDto {
  @ApiProperty({ type: [String], description: 'What may be done' })
  rights!: string[]

  @ApiProperty({ type: String, description: 'With what' })
  target!: string
}

/** An entitlement, as it is answered. */
export class Entitlement {
  @ApiProperty({ type: String, description: 'Its id: 32 hexadecimal digits' })
  id!: string

  @ApiProperty({ type: String, description: 'Its name' })
  name!: string

  @ApiProperty({ type: String, nullable: true, description: 'What it is for' })
  description!: string | null

  @ApiProperty({ type: String, description: 'The attribute of an account that holds it' })
  attribute!: string

  @ApiProperty({ type: String, description: 'The value of that attribute' })
  value!: string

  @ApiProperty({ type: String, description: 'What kind of object it is in its source' })
  sourceSchemaObjectType!: string

  @ApiProperty({ type: Boolean, description: 'Whether it is dangerous to give' })
  privileged!: boolean

  @ApiProperty({ type: Boolean, description: 'Whether a cloud governs it' })
  cloudGoverned!: boolean

  @ApiProperty({ type: Boolean, description: 'Whether people may ask for it by itself' })
  requestable!: boolean

  @ApiProperty({ type: EntitlementOwner, nullable: true, description: 'Who answers for it' })
  owner!: EntitlementOwner | null

  @ApiProperty({ type: [EntitlementAdditionalOwner], nullable: true, description: 'Who answers for it as well' })
  additionalOwners!: EntitlementAdditionalOwner[] | null

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Which of its fields were changed by hand',
  })
  manuallyUpdatedFields!: Record<string, unknown> | null

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Attributes of governance' })
  accessModelMetadata!: Record<string, unknown>

  @ApiProperty({ type: String, format: 'date-time', description: 'When it was made' })
  created!: string

  @ApiProperty({ type: String, format: 'date-time', description: 'When it was changed last' })
  modified!: string

  @ApiProperty({ type: EntitlementSource, description: 'The source that it belongs to' })
  source!: EntitlementSource

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What else is known of it' })
  attributes!: Record<string, unknown>

  @ApiProperty({ type: [String], description: 'The segments whose people see it' })
  segments!: string[]

  @ApiProperty({ type: [PermissionDto], description: 'What it allows, where its source says so' })
  directPermissions!: PermissionDto[]
}

export class ProfileEntitlementQuery extends CollectionQuery {
  @Filter(profileEntitlementFields, {
    language: 'sailpoint',
    emptyIsNone: true,
    example: 'attribute eq "permission_set"',
  })
  filters?: BoundFilter

  @Sort(profileEntitlementFields, { emptyIsNone: true })
  sorters?: BoundSort
}
