import { DomainError } from '#kernel'

/** No credential: how one would be sent. */
export function noCredential(): DomainError {
  const message = 'A credential is required: X-API-Key: <key>, or Authorization: Bearer <token>'
  return new DomainError('unauthenticated', message, undefined, { headers: { 'www-authenticate': 'Bearer' } })
}

/** One answer whatever was wrong, since the reason would help to guess; the reason goes to the log. */
export function refused(reason: unknown): DomainError {
  return new DomainError(
    'unauthenticated',
    'The credential is not valid: it may be mistyped, expired or revoked',
    undefined,
    {
      cause: reason,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    },
  )
}
