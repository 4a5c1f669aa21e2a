import { createHash } from 'node:crypto'

const names = new Map<string, string>()

/** The same text has the same name on every connection, so PostgreSQL parses it once on each. */
export function statementName(text: string): string {
  let name = names.get(text)
  if (name === undefined) {
    name = createHash('sha1').update(text).digest('base64url')
    names.set(text, name)
  }
  return name
}
