/** What the document says of the headers of an answer. */
export const listHeaders = {
  'X-Total-Count': {
    description: 'How many items there are in all, when `count=true`',
    schema: { type: 'string' as const, example: '120' },
  },
  'X-Next-Cursor': {
    description: 'Leads to the next page, as `cursor`; absent on the last one',
    schema: { type: 'string' as const },
  },
}

export const versionHeader = {
  ETag: { description: 'The version of the object, for If-Match', schema: { type: 'string' as const, example: '"1"' } },
}
