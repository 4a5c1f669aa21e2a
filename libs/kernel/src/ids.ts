import { v7 } from 'uuid'

const uuidForm = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const stored = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const dashed = /^.{8}-.{4}-.{4}-.{4}-.{12}$/

/** A new id: UUIDv7 (RFC 9562 section 5.7), so that ids made later sort later. */
export function newId(): string {
  return v7()
}

/** The uuid in its one stored form (lower case, dashes), or null. Reads any case and, as SailPoint writes it, 32 hex digits. */
export function parseId(text: string): string | null {
  if (stored.test(text)) return text
  if (!uuidForm.test(text) || (text.length !== 32 && !dashed.test(text))) return null
  const hex = text.replaceAll('-', '').toLowerCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
