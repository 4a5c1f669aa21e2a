import { crc32 } from 'node:zlib'
import { DomainError } from './errors.ts'

export const defaultLimit = 50
export const maximumLimit = 250

/** The values of the sort keys of the last row of a page, as text; the next page starts behind them. */
export type CursorKeys = readonly string[]

/** In hexadecimal digits. */
const checksumLength = 8

/** The checksum of everything that a page depends on (tenant, list, filter, order): a cursor is only good for the same. */
export type Binding = number

export function bindingOf(everything: readonly unknown[]): Binding {
  return crc32(`${JSON.stringify(everything)}\0`)
}

/** An opaque cursor: base64url without padding, safe in a URL as it is. It is a place in a list, not a secret. */
export function encodeCursor(binding: Binding, keys: CursorKeys): string {
  return write(binding, JSON.stringify(keys))
}

/** @throws DomainError `invalid_cursor` for a cursor that was altered or made for another query, order or tenant. */
export function decodeCursor(binding: Binding, cursor: string, parameter = 'cursor'): CursorKeys {
  const body = Buffer.from(cursor.slice(checksumLength), 'base64url').toString()
  const keys = write(binding, body) === cursor ? readKeys(body) : null
  if (keys === null) {
    throw invalidCursor(parameter)
  }
  return keys
}

export function invalidCursor(parameter = 'cursor'): DomainError {
  return new DomainError(
    'invalid_cursor',
    `The ${parameter} was altered, or made for another query; repeat the query it came from, or start again without it`,
    { parameter },
  )
}

/** The checksum is no secret, so what it covers can be anybody's. */
function readKeys(body: string): CursorKeys | null {
  try {
    const keys: unknown = JSON.parse(body)
    return Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === 'string') ? keys : null
  } catch {
    return null
  }
}

function write(binding: Binding, body: string): string {
  const checksum = crc32(body, binding).toString(16).padStart(checksumLength, '0')
  return checksum + Buffer.from(body).toString('base64url')
}
