import { applyDecorators } from '@nestjs/common'
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger'
import { ValidateIf } from 'class-validator'

/*
 * The fields of bodies and queries: one decorator gives the check, the type and the OpenAPI text.
 * `optional` may be left out; `nullable` may be null.
 */
export interface FieldOptions {
  description: string
  example?: unknown
  /** What it is when left out. */
  default?: unknown
  optional?: boolean
  nullable?: boolean
}

// Unicode's Cc; of several lines tab, line feed and carriage return are allowed. What turns the direction of writing or
// is not seen at all would let one name look like another.
export const oneLine = /^[^\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*$/u
export const anyLines = /^(?:[^\p{Cc}]|[\t\n\r])*$/u

export function field(
  { description, example, default: absent, optional, nullable }: FieldOptions,
  api: ApiPropertyOptions,
  ...checks: PropertyDecorator[]
): PropertyDecorator {
  const documented = { ...api, description, required: !optional } as Record<string, unknown>
  if (nullable) documented['nullable'] = true
  if (example !== undefined) documented['example'] = example
  if (absent !== undefined) documented['default'] = absent
  return applyDecorators(
    ApiProperty(documented as ApiPropertyOptions),
    ValidateIf((_, value) => !(optional && value === undefined) && !(nullable && value === null)),
    ...checks,
  )
}
