import { hash } from 'node:crypto'
import { DomainError } from './errors.ts'

export const defaultLimit = 50
export const maximumLimit = 250

/** The values of the sort keys of the last row of a page, as text; the next page starts behind them. */
export type CursorKeys = readonly string[]

const checksumBytes = 12

/**
 * An opaque cursor: base64url without padding, safe in a URL as it is. `binding` is everything that the page depends on
 * (tenant, list, filter, order): a cursor is only good for the same binding. It is a place in a list, not a secret.
 */
export function encodeCursor(binding: readonly unknown[], keys: CursorKeys): string {
  const body = Buffer.from(JSON.stringify(keys))
  return Buffer.concat([checksum(binding, body), body]).toString('base64url')
}

/** @throws DomainError `invalid_cursor` for a cursor that was altered or made for another query, order or tenant. */
export function decodeCursor(binding: readonly unknown[], cursor: string, parameter = 'cursor'): CursorKeys {
  const bytes = Buffer.from(cursor, 'base64url')
  const body = bytes.subarray(checksumBytes)
  const whole =
    bytes.toString('base64url') === cursor && bytes.subarray(0, checksumBytes).equals(checksum(binding, body))
  const keys = whole ? readKeys(body) : null
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
function readKeys(body: Buffer): CursorKeys | null {
  try {
    const keys: unknown = JSON.parse(body.toString())
    return Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === 'string') ? keys : null
  } catch {
    return null
  }
}

function checksum(binding: readonly unknown[], body: Buffer): Buffer {
  const bound = Buffer.from(`${JSON.stringify(binding)}\0`)
  return hash('sha256', Buffer.concat([bound, body]), 'buffer').subarray(0, checksumBytes)
}
