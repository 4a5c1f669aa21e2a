import { DomainError, parseId } from '#kernel'

/** @throws DomainError `invalid_body` for what is no uuid */
export function policyId(text: string): string | null {
  const id = text === '' ? null : parseId(text)
  if (id !== null || text === '') return id
  const message = 'access_request_policy_id must be a uuid, or empty'
  throw new DomainError('invalid_body', message, { fields: [{ field: 'access_request_policy_id', message }] })
}

/** Without what was not given. */
export function present<T extends object>(fields: T): { [Field in keyof T]: Exclude<T[Field], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Field in keyof T]: Exclude<T[Field], undefined>
  }
}
