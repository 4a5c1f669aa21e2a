import { ApiProperty } from '@nestjs/swagger'
import { Text } from '#platform'

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
