/** What a filter may be at most. Reading takes time in proportion to its length, answering in proportion to its terms. */
export const limits = {
  /** UTF-16 units. */
  length: 8192,
  /** Parentheses, brackets and negations within each other. */
  depth: 32,
  /** Tests in a filter. */
  terms: 100,
  /** Values in all of its lists. */
  values: 500,
  sortLength: 1024,
} as const
