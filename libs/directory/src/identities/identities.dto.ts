import { PartialType } from '@nestjs/swagger'
import { authorities, type Authority } from '#kernel'
import { Email, Id, JsonObject, OneOf, SetOf, Text, pageOf } from '#platform'
import { stored } from '../objects.dto.ts'

export const lifecycleStates = ['active', 'inactive'] as const

export class CreateIdentity {
  @Text({ description: 'The name that people know it by', example: 'Ada Lovelace' })
  name!: string

  @Email({ description: 'Its e-mail address', optional: true, nullable: true, example: 'ada@example.com' })
  email?: string | null

  @Id({ description: 'The identity of its manager; managers never stand in a circle', optional: true, nullable: true })
  manager_id?: string | null

  @OneOf({
    description: 'An inactive identity is given nothing more; what it has stays until it is revoked',
    of: lifecycleStates,
    optional: true,
  })
  lifecycle_state?: (typeof lifecycleStates)[number]

  @SetOf({
    description: 'What it administers; a credential that stands for it is limited by these and by its own scopes',
    of: authorities,
    optional: true,
    example: ['SOURCE_ADMIN'],
  })
  authorities?: Authority[]

  @JsonObject({ description: 'What else is known of it', optional: true, example: { department: 'Engines' } })
  attributes?: Record<string, unknown>

  @Text({
    description: 'Its name in the system it comes from; no two identities have the same',
    optional: true,
    nullable: true,
    example: 'p-0071fbcb07',
  })
  external_id?: string | null
}

export type IdentityFields = Required<CreateIdentity>

export class UpdateIdentity extends PartialType(CreateIdentity, { skipNullProperties: false }) {}

/** The fields of a new identity that were not given. */
export const identityDefaults = {
  email: null,
  manager_id: null,
  lifecycle_state: 'active',
  authorities: [],
  attributes: {},
  external_id: null,
} satisfies Partial<IdentityFields>

export class Identity extends stored(CreateIdentity, identityDefaults) {}
export class IdentityPage extends pageOf(Identity) {}
