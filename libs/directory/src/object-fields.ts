import { isDeepStrictEqual } from 'node:util'
import { DomainError } from '#kernel'
import type { FieldReason } from '#platform'
import type { Fields, Stored } from './kind.fields.ts'

/** The fields in which two states of an object differ. */
export function changedFields(before: object, after: object): string[] {
  const old = new Map(Object.entries(before))
  return Object.entries(after).flatMap(([field, value]) => (isDeepStrictEqual(old.get(field), value) ? [] : [field]))
}

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

/** As it will be read back: no classes, no absent fields, no minus zero. */
export function plain(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object
}

export function fieldError(field: string, message: string, reason?: FieldReason): DomainError {
  return new DomainError('invalid_body', message, { fields: [{ field, message, ...(reason && { reason }) }] })
}
