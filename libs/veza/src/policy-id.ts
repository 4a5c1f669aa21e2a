import { Text } from '#platform'

/** The id of a policy: a text in this API, which may be empty. What is no uuid is refused when it is read as one. */
export const PolicyId = (description: string): PropertyDecorator =>
  Text({
    description: `${description}: a uuid, or empty`,
    min: 0,
    pattern: /^(?:[0-9a-fA-F-]{32,36})?$/,
    optional: true,
  })
