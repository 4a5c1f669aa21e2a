import { PartialType } from '@nestjs/swagger'
import type { Resource } from '#kernel'
import { Flag, Id, IdList, JsonObject, Nested, Text, pageOf } from '#platform'
import { stored } from '../objects.dto.ts'
import { EntitlementRequestConfig, EntitlementRevocationConfig } from './request-config.dto.ts'

const mostSegments = 100

export class EntitlementResource implements Resource {
  @Text({ description: 'Its type; `aws_…` types are those of the grants', max: 64, example: 'aws_account' })
  type!: string

  @Text({ description: 'Its id, in the form that its type has', max: 1024, example: '123456789012' })
  id!: string
}

export class CreateEntitlement {
  @Id({ description: 'The source that gives it', example: '019a0000-0000-7000-8000-000000000100' })
  source_id!: string

  @Text({ description: 'The name that people know it by', example: 'ReadOnlyAccess' })
  name!: string

  @Text({
    description: 'What it allows',
    max: 4096,
    min: 0,
    multiline: true,
    optional: true,
    nullable: true,
    example: 'Looking, not touching',
  })
  description?: string | null

  @Text({
    description: 'The attribute of an account in the source that gives it',
    optional: true,
    nullable: true,
    example: 'permission_set',
  })
  attribute?: string | null

  @Text({ description: 'The value of that attribute', max: 1024, optional: true, nullable: true })
  value?: string | null

  @Flag({ description: 'Whether it gives more than ordinary access', optional: true })
  privileged?: boolean

  @Nested(() => EntitlementResource, {
    description: 'What it gives access to. With a resource and an action it can be granted by that resource',
    optional: true,
    nullable: true,
  })
  resource?: EntitlementResource | null

  @Text({
    description: 'What it allows to do; required with a resource',
    max: 64,
    optional: true,
    nullable: true,
    example: 'assume',
  })
  action?: string | null

  @Text({ description: 'What kind of object it is in its source', optional: true, nullable: true, example: 'group' })
  type?: string | null

  @Id({ description: 'The identity that answers for it', optional: true, nullable: true })
  owner_id?: string | null

  @Flag({ description: 'Whether people can ask for it by itself', optional: true })
  requestable?: boolean

  @Nested(() => EntitlementRequestConfig, {
    description: 'What a request for it must say, and who decides; null: what holds for the whole tenant',
    optional: true,
    nullable: true,
  })
  request_config?: EntitlementRequestConfig | null

  @Nested(() => EntitlementRevocationConfig, {
    description: 'Who decides about taking it away',
    optional: true,
    nullable: true,
  })
  revocation_config?: EntitlementRevocationConfig | null

  @IdList({ description: 'The segments that can see it; none: everybody', max: mostSegments, optional: true })
  segment_ids?: string[]

  @JsonObject({ description: 'What else is known of it', optional: true, example: { account_id: '123456789012' } })
  attributes?: Record<string, unknown>

  @JsonObject({
    description: 'What another API keeps of it that has no meaning here, under the name of that API',
    optional: true,
    example: { sailpoint: { cloudGoverned: true } },
  })
  extensions?: Record<string, unknown>

  @Text({
    description: 'Its name in the system it comes from; no two entitlements have the same',
    optional: true,
    nullable: true,
    example: 'aws:123456789012/ReadOnlyAccess',
  })
  external_id?: string | null
}

export type EntitlementFields = Required<CreateEntitlement>

export class UpdateEntitlement extends PartialType(CreateEntitlement, { skipNullProperties: false }) {}

/** The fields of a new entitlement that were not given. */
export const entitlementDefaults = {
  description: null,
  attribute: null,
  value: null,
  privileged: false,
  resource: null,
  action: null,
  type: null,
  owner_id: null,
  requestable: false,
  request_config: null,
  revocation_config: null,
  segment_ids: [],
  attributes: {},
  extensions: {},
  external_id: null,
} satisfies Partial<EntitlementFields>

export class Entitlement extends stored(CreateEntitlement, entitlementDefaults) {}
export class EntitlementPage extends pageOf(Entitlement) {}
