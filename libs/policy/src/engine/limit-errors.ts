import { DomainError } from '#kernel'
import { limits, type Limit } from './limits.ts'

/** @param at where it stands: the field, and in a text the offset in UTF-16 code units */
export function beyond(
  limit: Limit,
  message: string,
  at: { field: string; offset?: number; path?: string },
): DomainError {
  return new DomainError('invalid_body', `${at.field}: ${message}`, {
    fields: [{ field: at.field, message }],
    limit: limits[limit],
    ...(at.offset === undefined ? {} : { offset: at.offset }),
    ...(at.path === undefined ? {} : { path: at.path }),
  })
}

/** What is wrong with a value, apart from its size. */
export function invalid(field: string, message: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('invalid_body', `${field}: ${message}`, { fields: [{ field, message }], ...details })
}
