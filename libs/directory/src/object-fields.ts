import { DomainError } from '#kernel'
import type { FieldReason } from '#platform'
import type { Fields, Stored } from './kind.fields.ts'

/** An object without its header. */
export function fieldsOf<F extends Fields>({
  id: _,
  version: _v,
  created_at: _c,
  updated_at: _u,
  ...fields
}: Stored<F>): F {
  return fields as unknown as F
}

export function fieldError(field: string, message: string, reason?: FieldReason): DomainError {
  return new DomainError('invalid_body', message, { fields: [{ field, message, ...(reason && { reason }) }] })
}
