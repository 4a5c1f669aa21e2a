import { ApiProperty } from '@nestjs/swagger'
import { Text, listQuery, pageOf } from '#platform'
import { EntityReference } from '../decisions/decisions.dto.ts'
import { schemaVersionFilter } from './schema.fields.ts'

export const longestSchema = 200_000

export class SaveSchema {
  @Text({
    description:
      'What the tenant adds to the built-in schema, as Cedar schema text: types and actions of its own, and more attributes, parents and uses of built-in ones. Empty: nothing',
    max: longestSchema,
    min: 0,
    multiline: true,
    format: 'cedar',
    example: `entity User = { department?: String };
entity Repository in [Source] = { visibility?: String };
action merge appliesTo { principal: [User], resource: [Repository], context: RequestContext };`,
  })
  schema!: string
}

export class PolicySchema {
  @ApiProperty({ type: String, description: 'What the tenant adds, as it was written' })
  schema!: string

  @ApiProperty({ type: String, description: 'The whole schema that policies are held against, as Cedar text' })
  whole!: string

  @ApiProperty({ type: 'integer', description: 'The version of the built-in schema' })
  built_in_version!: number

  @ApiProperty({ type: 'integer', description: "The version of the tenant's own part; the ETag" })
  version!: number
}

export class PolicySchemaVersionQuery extends listQuery(schemaVersionFilter) {}

export class PolicySchemaVersionSummary {
  @ApiProperty({ type: 'integer', description: 'The first that was saved is 2; 1 adds nothing' })
  number!: number

  @ApiProperty({ type: EntityReference, description: 'Who saved it' })
  actor!: EntityReference

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string
}

export class PolicySchemaVersionPage extends pageOf(PolicySchemaVersionSummary) {}

export class PolicySchemaVersion extends PolicySchemaVersionSummary {
  @ApiProperty({ type: String, description: 'What the tenant added, as it was written; `PUT /schema` takes it again' })
  schema!: string
}
