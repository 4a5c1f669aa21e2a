import { DomainError } from '#kernel'
import type { FieldReason } from '#platform'

/** A field of a body that is not as it should be. */
export function wrongField(field: string, message: string, reason?: FieldReason): DomainError {
  return new DomainError('invalid_body', message, { fields: [{ field, message, ...(reason && { reason }) }] })
}

export function wrongParameter(field: string, message: string): DomainError {
  return new DomainError('invalid_parameter', message, { fields: [{ field, message }] })
}

/** A body that is not of the form that it must have as a whole. */
export function malformed(message: string): DomainError {
  return new DomainError('invalid_body', message, { reason: 'syntax' })
}
