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
  const canonical = bytes.toString('base64url') === cursor
  if (!canonical || body.length === 0 || !bytes.subarray(0, checksumBytes).equals(checksum(binding, body))) {
    throw new DomainError(
      'invalid_cursor',
      `The ${parameter} was altered, or made for another query; repeat the query it came from, or start again without it`,
      { parameter },
    )
  }
  return JSON.parse(body.toString()) as CursorKeys
}

function checksum(binding: readonly unknown[], body: Buffer): Buffer {
  const bound = Buffer.from(`${JSON.stringify(binding)}\0`)
  return hash('sha256', Buffer.concat([bound, body]), 'buffer').subarray(0, checksumBytes)
}
