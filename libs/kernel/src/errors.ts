/**
 * THE error table. A code is a promise to clients: it never changes its meaning or its status, and a retired code
 * is left here as a comment so that it is never used again. Add a row only when a client would act differently on it.
 */
export const errors = {
  invalid_parameter: { status: 400, title: 'A parameter is not valid' },
  invalid_body: { status: 400, title: 'The body is not valid' },
  invalid_cursor: { status: 400, title: 'The cursor does not belong to this query' },
  invalid_filter: { status: 400, title: 'The filter is not valid' },
  invalid_tenant_id: { status: 400, title: 'The X-Tenant-ID header must be the uuid of a tenant' },
  invalid_request: { status: 400, title: 'The request is not valid' },
  ambiguous_credentials: { status: 400, title: 'The request carries more than one credential' },
  unauthenticated: { status: 401, title: 'A valid credential is required' },
  forbidden: { status: 403, title: 'The credential does not allow this' },
  tenant_mismatch: { status: 403, title: 'The credential and the X-Tenant-ID header belong to different tenants' },
  not_found: { status: 404, title: 'Nothing stands at this address' },
  method_not_allowed: { status: 405, title: 'This address does not answer that method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  already_exists: { status: 409, title: 'An object with this name or id exists' },
  in_use: { status: 409, title: 'Something still refers to this object' },
  invalid_state: { status: 409, title: 'The object is in a state that does not allow this' },
  write_conflict: { status: 409, title: 'Another request changed the same data at the same time' },
  idempotency_key_reused: { status: 409, title: 'This Idempotency-Key was used for another request' },
  idempotency_in_progress: { status: 409, title: 'A request with this Idempotency-Key is still running' },
  precondition_failed: { status: 412, title: 'The object has changed since it was read' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  uri_too_long: { status: 414, title: 'The address is too long' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported here' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'The service cannot answer just now' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof errors

export type ErrorDetails = Record<string, unknown>

/**
 * What services throw. `message` and `details` are shown to the client: what was wrong, where, what would be right.
 * `cause` goes to the log only. `notices` are the texts of the policy rules that decided, `headers` go out with the answer.
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails | undefined
  readonly notices: readonly string[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    message?: string,
    details?: ErrorDetails,
    extra: { cause?: unknown; notices?: readonly string[]; headers?: Record<string, string> } = {},
  ) {
    super(message ?? errors[code].title, { cause: extra.cause })
    this.name = 'DomainError'
    this.code = code
    this.details = details
    this.notices = extra.notices
    this.headers = extra.headers ?? {}
  }

  get status(): number {
    return errors[this.code].status
  }
}

/** `404 not_found` for one object: also the answer for another tenant's object, since existence is information. */
export function notFound(kind: string, id: string): DomainError {
  return new DomainError('not_found', `No ${kind} has the id ${id}`, { resource_type: kind, id })
}
