/** What each operator says of a field; `not` and the joining words are the language's, not the field's. */
export const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr', 'in', 'ca', 'isnull'] as const

export type Operator = (typeof operators)[number]

/** Which of them each language can say: RFC 7644 section 3.4.2.2, and SailPoint's V3 filters. */
export const spoken = {
  scim: ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'],
  sailpoint: ['eq', 'ne', 'co', 'sw', 'gt', 'ge', 'lt', 'le', 'pr', 'in', 'ca', 'isnull'],
} as const satisfies Record<string, readonly Operator[]>

export type Language = keyof typeof spoken
