import { applyDecorators } from '@nestjs/common'
import { Matches } from 'class-validator'
import { Text } from '#platform'

const form = /^(?:[0-9a-fA-F-]{32,36})?$/

/** The id of a policy: a text in this API, which may be empty. What is no uuid is refused when it is read as one. */
export const PolicyId = (description: string): PropertyDecorator =>
  applyDecorators(
    Matches(form, { message: '$property must be a uuid, or empty' }),
    Text({ description: `${description}: a uuid, or empty`, min: 0, pattern: form, optional: true }),
  )
