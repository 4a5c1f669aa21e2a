import { DomainError, type ErrorCode } from '#kernel'
import type { ErrorRenderer } from '../http/error-renderers.ts'

/** RFC 6749 section 5.2, and for what happens on our side section 4.1.2.1. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  | 'unsupported_grant_type'
  | 'server_error'
  | 'temporarily_unavailable'

const byCode = {
  invalid_parameter: 'invalid_request',
  invalid_body: 'invalid_request',
  invalid_cursor: 'invalid_request',
  invalid_filter: 'invalid_request',
  invalid_tenant_id: 'invalid_request',
  invalid_request: 'invalid_request',
  ambiguous_credentials: 'invalid_request',
  unauthenticated: 'invalid_client',
  forbidden: 'invalid_client',
  tenant_mismatch: 'invalid_client',
  not_found: 'invalid_request',
  method_not_allowed: 'invalid_request',
  request_timeout: 'invalid_request',
  already_exists: 'invalid_request',
  in_use: 'invalid_request',
  invalid_state: 'invalid_request',
  write_conflict: 'temporarily_unavailable',
  idempotency_key_reused: 'invalid_request',
  idempotency_in_progress: 'temporarily_unavailable',
  precondition_failed: 'invalid_request',
  payload_too_large: 'invalid_request',
  uri_too_long: 'invalid_request',
  unsupported_media_type: 'invalid_request',
  headers_too_large: 'invalid_request',
  rate_limited: 'temporarily_unavailable',
  internal: 'server_error',
  unavailable: 'temporarily_unavailable',
} as const satisfies Record<ErrorCode, OAuthErrorCode>

/** What is wrong with a request for a token, in a word of the standard. */
export class OAuthError extends DomainError {
  readonly error: OAuthErrorCode

  constructor(error: OAuthErrorCode, message: string) {
    super('invalid_request', message)
    this.error = error
  }
}

/** One answer whatever was wrong; the reason goes to the log. */
export function badClient(reason: string): DomainError {
  return new DomainError('unauthenticated', 'Bad client credentials', undefined, {
    cause: reason,
    headers: { 'www-authenticate': 'Basic realm="castellan"' },
  })
}

/** `{"error", "error_description"}`, under every path of /oauth. */
export const renderOAuthError: ErrorRenderer = (error) => ({
  status: error.status,
  body: {
    error: error instanceof OAuthError ? error.error : byCode[error.code],
    error_description: describe(error.message),
  },
  headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
})

/** The characters that RFC 6749 allows in a description. */
function describe(message: string): string {
  return message.replaceAll('"', "'").replace(/[^\x20-\x7e]|\\/g, '?')
}
