import { errors, type DomainError, type ErrorCode } from '#kernel'
import type { ErrorRenderer, FieldError, FieldReason } from '#platform'
import { enumFormat } from './enums.ts'
import { vezaPath } from './names.ts'

/** The codes of gRPC, by name and by number (google.rpc.Code). */
const codes = {
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Aborted: 10,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  Unauthenticated: 16,
} as const

type Code = keyof typeof codes

const spoken = {
  invalid_parameter: 'InvalidArgument',
  invalid_body: 'InvalidArgument',
  invalid_cursor: 'InvalidArgument',
  invalid_filter: 'InvalidArgument',
  invalid_tenant_id: 'InvalidArgument',
  invalid_request: 'InvalidArgument',
  ambiguous_credentials: 'InvalidArgument',
  unauthenticated: 'Unauthenticated',
  forbidden: 'PermissionDenied',
  tenant_mismatch: 'PermissionDenied',
  not_found: 'NotFound',
  method_not_allowed: 'Unimplemented',
  request_timeout: 'DeadlineExceeded',
  already_exists: 'AlreadyExists',
  in_use: 'FailedPrecondition',
  invalid_state: 'FailedPrecondition',
  write_conflict: 'Aborted',
  idempotency_key_reused: 'AlreadyExists',
  idempotency_in_progress: 'Aborted',
  precondition_failed: 'FailedPrecondition',
  payload_too_large: 'InvalidArgument',
  uri_too_long: 'InvalidArgument',
  unsupported_media_type: 'InvalidArgument',
  headers_too_large: 'InvalidArgument',
  rate_limited: 'ResourceExhausted',
  internal: 'Internal',
  unavailable: 'Unavailable',
} as const satisfies Record<ErrorCode, Code>

export const codeNames = Object.keys(codes)

/** Veza's errors: google.rpc.Status with the name of the code, or its number where numbers are asked for. */
export const renderVezaError: ErrorRenderer = (error, { id, headers }) => {
  const code = spoken[error.code]
  const violations = violationsOf(error)
  const body = {
    code: enumFormat(headers) === 'number' ? codes[code] : code,
    message: renamed(error.message, violations),
    details: [
      ...(violations.length > 0
        ? [
            {
              '@type': 'type.googleapis.com/google.rpc.BadRequest',
              field_violations: violations.map(({ field, description }) => ({ field, description })),
            },
          ]
        : []),
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: error.code.toUpperCase(),
        domain: 'castellan',
        metadata: metadataOf(error),
      },
    ],
    request_id: id,
    timestamp: new Date().toISOString(),
  }
  return { status: errors[error.code].status, body }
}

interface Violation {
  /** The domain's name of the field. */
  readonly given: string
  readonly field: string
  readonly description: string
}

function violationsOf({ code, details = {}, message }: DomainError): Violation[] {
  const { fields, field, parameter } = details
  if (code === 'invalid_cursor')
    return [{ given: 'cursor', field: 'page_token', description: replaceName(message, 'cursor', 'page_token') }]
  if (Array.isArray(fields)) {
    return (fields as FieldError[]).map((each) => violation(each.field, each.message, each.reason))
  }
  const one = field ?? parameter
  return typeof one === 'string' ? [violation(one, message)] : []
}

function violation(given: string, description: string, reason?: FieldReason): Violation {
  // What is not known is named as it was sent.
  const field = reason === 'unknown_field' ? given : vezaPath(given)
  return { given, field, description: replaceName(description, given, field) }
}

function renamed(message: string, violations: readonly Violation[]): string {
  return violations.reduce((text, { given, field }) => replaceName(text, given, field), message)
}

/** Texts of the domain begin with the name of their field. */
function replaceName(text: string, given: string, field: string): string {
  if (given === field) return text
  return text.replaceAll(new RegExp(`(^|; |The )${literal(given)}(?=[ :])`, 'g'), (_, before: string) => before + field)
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** The rest of what there is to say, each as a text: values of ErrorInfo are texts. */
function metadataOf({ details = {} }: DomainError): Record<string, string> {
  const rest = Object.entries(details).filter(([name]) => name !== 'fields')
  return Object.fromEntries(
    rest.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}
