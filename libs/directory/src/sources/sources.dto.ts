import { PartialType } from '@nestjs/swagger'
import { Flag, Id, JsonObject, Nested, NestedList, SetOf, Text, pageOf } from '#platform'
import { stored } from '../objects.dto.ts'
import { sourceFeatures, type SourceFeature } from './source-features.ts'

// Go's templates, in which the granted CLI reads these values, begin with {{.
const noTemplate = /^(?!.*\{\{)/

export class AwsAccount {
  @Text({ description: 'The account id', pattern: /^\d{12}$/, min: 12, max: 12, example: '123456789012' })
  id!: string

  @Text({ description: 'What profiles are named after', max: 128, pattern: noTemplate, example: 'production' })
  name!: string
}

export class AwsSettings {
  @Text({
    description: "The start URL of the organization's AWS access portal",
    max: 512,
    pattern: /^https:\/\/[a-zA-Z0-9.-]+(?::\d{1,5})?(?:\/[a-zA-Z0-9._~#/-]*)?$/,
    example: 'https://d-1234567890.awsapps.com/start',
  })
  sso_start_url!: string

  @Text({
    description: 'The region of its IAM Identity Center',
    max: 32,
    pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/,
    example: 'eu-central-1',
  })
  sso_region!: string

  @NestedList(() => AwsAccount, { description: 'The accounts and their names', max: 10_000 })
  accounts!: AwsAccount[]
}

export class CreateSource {
  @Text({ description: 'No two sources have the same', example: 'AWS sandboxes' })
  name!: string

  @Text({
    description: 'What the source is',
    max: 4096,
    min: 0,
    multiline: true,
    optional: true,
    nullable: true,
    example: 'Accounts for experiments',
  })
  description?: string | null

  @Text({ description: 'The kind of system', max: 64, pattern: /^[a-zA-Z0-9][a-zA-Z0-9_. -]*$/, example: 'aws' })
  connector!: string

  @Text({
    description: 'What the product calls itself',
    optional: true,
    nullable: true,
    example: 'AWS IAM Identity Center',
  })
  type?: string | null

  @SetOf({ description: 'What its connector can do', of: sourceFeatures, optional: true, example: ['PROVISIONING'] })
  features?: SourceFeature[]

  @Flag({ description: 'Whether identities are made from its accounts', optional: true })
  authoritative?: boolean

  @Id({ description: 'The identity that answers for it', optional: true, nullable: true })
  owner_id?: string | null

  @Id({
    description: 'The group whose members administer what comes of it, as its sub-administrators',
    optional: true,
    nullable: true,
  })
  management_group_id?: string | null

  @Nested(() => AwsSettings, {
    description: 'For an AWS organization: what the profiles of the `granted` CLI are made with',
    optional: true,
    nullable: true,
  })
  aws?: AwsSettings | null

  @JsonObject({ description: 'What else is known of it: the settings of its connector', optional: true })
  attributes?: Record<string, unknown>

  @JsonObject({
    description: 'What another API keeps of it that has no meaning here, under the name of that API',
    optional: true,
    example: { sailpoint: { category: 'Cloud' } },
  })
  extensions?: Record<string, unknown>

  @Text({
    description: 'Its name in the system it comes from; no two sources have the same',
    optional: true,
    nullable: true,
    example: 'aws-sandboxes',
  })
  external_id?: string | null
}

export type SourceFields = Required<CreateSource>

export class UpdateSource extends PartialType(CreateSource, { skipNullProperties: false }) {}

/** The fields of a new source that were not given. */
export const sourceDefaults = {
  description: null,
  type: null,
  features: [],
  authoritative: false,
  owner_id: null,
  management_group_id: null,
  aws: null,
  attributes: {},
  extensions: {},
  external_id: null,
} satisfies Partial<SourceFields>

export class Source extends stored(CreateSource, sourceDefaults) {}
export class SourcePage extends pageOf(Source) {}
