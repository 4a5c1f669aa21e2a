import { ApiProperty } from '@nestjs/swagger'
import { Shaped } from '#platform'

export class ValidatePolicies {
  @Shaped({
    description: 'Cedar text, or an object of Cedar texts or JSON by id',
    of: ['text', 'object'],
    format: 'cedar',
    example: 'permit (principal, action == Action::"request_access", resource is AwsAccount);',
  })
  policies!: string | Record<string, unknown>

  @Shaped({
    description: "A whole Cedar schema to check against, as text or JSON; left out or null: the tenant's",
    of: ['text', 'object', 'null'],
    format: 'cedar',
    optional: true,
  })
  schema?: string | Record<string, unknown> | null
}

export class PolicyValidationFinding {
  @ApiProperty({ type: String, nullable: true, description: 'The id in the body; of a text policy0, policy1, …' })
  policy_id!: string | null

  @ApiProperty({ type: String, description: 'What was found' })
  message!: string

  @ApiProperty({ type: String, nullable: true, description: 'What would be right' })
  help!: string | null

  @ApiProperty({ type: 'integer', nullable: true, description: 'Where it begins in the text that was given' })
  offset!: number | null

  @ApiProperty({ type: 'integer', nullable: true, description: 'Where it ends' })
  end!: number | null
}

export class PolicyValidation {
  @ApiProperty({ type: Boolean, description: 'No errors; there may be warnings' })
  valid!: boolean

  @ApiProperty({ type: [PolicyValidationFinding], description: 'What must change' })
  errors!: PolicyValidationFinding[]

  @ApiProperty({ type: [PolicyValidationFinding], description: 'What may be meant' })
  warnings!: PolicyValidationFinding[]
}
