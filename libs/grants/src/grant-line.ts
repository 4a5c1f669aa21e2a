import { Id, Instant, JsonObject, Nested, Text } from '#platform'
import { ResourceRef } from './grants.dto.ts'

/** A grant as a line of an import: references are external ids. */
export class GrantLine {
  @Text({ description: 'Names the grant: the same one is the same grant, in this import and the next', max: 512 })
  external_id!: string

  @Id({ description: 'Kept as the id of a new grant', optional: true })
  id?: string

  @Text({ description: 'The external id of the identity that has the access', max: 512 })
  grantee_id!: string

  @Text({ description: 'The external id of the entitlement that it gives', optional: true, nullable: true, max: 512 })
  entitlement?: string | null

  @Nested(() => ResourceRef, {
    description: 'What it gives access to; that of the entitlement when left out',
    optional: true,
  })
  resource?: ResourceRef

  @Text({ description: 'What may be done with it; that of the entitlement when left out', optional: true, max: 128 })
  action?: string

  @Instant({ description: 'When it was granted' })
  granted_at!: string

  @Instant({ description: 'When the access begins; with `granted_at` when left out', optional: true, nullable: true })
  starts_at?: string | null

  @Instant({
    description:
      'When the access ends; null: when it is revoked. Left out: as it is stored, of a new grant when it is revoked',
    optional: true,
    nullable: true,
  })
  expires_at?: string | null

  @Instant({ description: 'When it was revoked', optional: true, nullable: true })
  revoked_at?: string | null

  @JsonObject({ description: 'Anything of yours, kept and returned', optional: true })
  metadata?: Record<string, unknown>
}
