import { randomUUID } from 'node:crypto'
import { errors, type DomainError, type ErrorCode } from '#kernel'
import type { ErrorAnswer, ErrorRenderer, ErrorRequest } from '#platform'
import { negotiated } from './accept-language.ts'
import { defaultLocale, sayings, type Saying } from './languages.ts'
import { sailPointScope } from './scopes.ts'
import { hexId } from './wire.ts'
import { wireField } from './wire-names.ts'

/** The detail codes, each with what it says in every language. Clients match on the number. */
const detailCodes = {
  '400.0 Bad request syntax': 'syntax',
  '400.1 Bad Request Content': 'content',
  '400.1.0 Required data missing or empty': 'missing',
  '400.1.1 Illegal update attempt': 'update',
  '400.1.3 Illegal value': 'value',
  '400.1.4 Limit violation': 'limit',
  '400.1.404 Referenced object not found': 'reference',
  '400.1.409 Reference conflict': 'conflict',
  '400.2.1.0 Object in use by another': 'in_use',
  '403 Forbidden': 'forbidden',
  '404 Not found': 'absent',
  '408 Request timeout': 'syntax',
  '409 Conflict': 'concurrent',
  '413 Payload too large': 'limit',
  '414 URI too long': 'limit',
  '431 Request header fields too large': 'limit',
  '500.0 Internal Fault': 'fault',
  '503.0 Service unavailable': 'unavailable',
} as const satisfies Record<string, Saying>

type DetailCode = keyof typeof detailCodes

/** The other shapes: `{error}` of 401, `{errorName, …}` of the wrong method or content type, `{message}` of 412 and 429. */
type Shape = DetailCode | 'unauthorized' | 'not_supported' | 'message'

const shapes = {
  invalid_parameter: '400.1.3 Illegal value',
  invalid_body: '400.1 Bad Request Content',
  invalid_cursor: '400.1.3 Illegal value',
  invalid_filter: '400.1.3 Illegal value',
  invalid_tenant_id: '400.1.3 Illegal value',
  invalid_request: '400.1 Bad Request Content',
  ambiguous_credentials: '400.1 Bad Request Content',
  unauthenticated: 'unauthorized',
  forbidden: '403 Forbidden',
  tenant_mismatch: '403 Forbidden',
  not_found: '404 Not found',
  method_not_allowed: 'not_supported',
  request_timeout: '408 Request timeout',
  already_exists: '400.1.409 Reference conflict',
  in_use: '400.2.1.0 Object in use by another',
  invalid_state: '400.1 Bad Request Content',
  write_conflict: '409 Conflict',
  idempotency_key_reused: '400.1.409 Reference conflict',
  idempotency_in_progress: '409 Conflict',
  precondition_failed: 'message',
  payload_too_large: '413 Payload too large',
  uri_too_long: '414 URI too long',
  unsupported_media_type: 'not_supported',
  headers_too_large: '431 Request header fields too large',
  rate_limited: 'message',
  internal: '500.0 Internal Fault',
  unavailable: '503.0 Service unavailable',
} as const satisfies Record<ErrorCode, Shape>

/** What our checks say of one field, and why it is refused: see FieldError of the platform. */
interface Field {
  readonly field?: unknown
  readonly message?: unknown
  readonly reason?: unknown
}

const byReason: Readonly<Record<string, DetailCode>> = {
  missing: '400.1.0 Required data missing or empty',
  immutable: '400.1.1 Illegal update attempt',
  value: '400.1.3 Illegal value',
  too_long: '400.1.4 Limit violation',
  too_many: '400.1.4 Limit violation',
  not_found: '400.1.404 Referenced object not found',
}

/** The errors of SailPoint's APIs: four shapes, and a detail code in the one that most have. */
export const renderSailPointError: ErrorRenderer = (error, request) => {
  const shape = shapes[error.code]
  const trackingId = randomUUID().replaceAll('-', '')
  const log = { tracking_id: trackingId }
  if (shape === 'unauthorized') return { status: error.status, body: { error: error.message } }
  if (shape === 'message') {
    const message = error.code === 'rate_limited' ? ' Rate Limit Exceeded ' : error.message
    return { status: error.status, body: { message } }
  }
  if (shape === 'not_supported') {
    const body = { errorName: 'NotSupportedException', errorMessage: error.message, trackingId }
    return { status: error.status, body, log }
  }
  return { ...answerOf(detailCodeOf(error, shape), error, request, trackingId), log }
}

/** The schema of the answer to a code, by its name in the document. */
export function errorSchemaOf(code: ErrorCode): string {
  const shape: Shape = shapes[code]
  if (shape === 'unauthorized') return 'UnauthorizedResponse'
  if (shape === 'not_supported') return 'NotSupportedResponse'
  return shape === 'message' ? 'MessageResponse' : 'ErrorResponseDto'
}

function answerOf(
  detailCode: DetailCode,
  error: DomainError,
  { headers }: ErrorRequest,
  trackingId: string,
): ErrorAnswer {
  const locale = negotiated(headers['accept-language'] as string | undefined)
  const saying = detailCodes[detailCode]
  const standard = sayings[defaultLocale]?.[saying] ?? ''
  const own = sayings[locale]?.[saying] ?? standard
  const reason = reasonOf(error)
  const messages = [
    { locale: defaultLocale, localeOrigin: 'DEFAULT', text: reason ?? standard },
    { locale, localeOrigin: 'REQUEST', text: reason === null ? own : `${own} ${reason}` },
  ]
  const causes = causesOf(error).map((text) => ({ locale: defaultLocale, localeOrigin: 'DEFAULT', text }))
  return { status: statusOf(detailCode), body: { detailCode, trackingId, messages, causes } }
}

/** What is wrong in particular, in English and under the names of this API; null when there is nothing to add. */
function reasonOf(error: DomainError): string | null {
  const { code, message } = error
  const profile = profileInUse(error)
  if (profile !== null) return `The "${profile}" access profile can't be deleted because it's in use.`
  return message === errors[code].title ? null : withScopes(renamed(message, fieldsOf(error)), error)
}

/** The name of the access profile that cannot be deleted: what uses it inherits from it. */
function profileInUse({ code, details }: DomainError): string | null {
  const name = details?.['name']
  return code === 'in_use' && typeof name === 'string' ? name : null
}

function renamed(message: string, fields: readonly Field[]): string {
  return fields.reduce(
    (text, { field, reason }) =>
      typeof field === 'string' && field !== '' && reason !== 'unknown_field'
        ? text.replaceAll(field, wireField(field))
        : text,
    message,
  )
}

/** Ours are named too: a key that was made under `/v1` has those. */
function withScopes(text: string, { details }: DomainError): string {
  return listIn(details, 'required_scopes')
    .map(String)
    .reduce((named, scope) => named.replace(new RegExp(`\\b${scope}\\b`, 'g'), `${sailPointScope(scope)} ($&)`), text)
}

function detailCodeOf(error: DomainError, usual: DetailCode): DetailCode {
  const { code, details } = error
  if (code === 'invalid_filter' && details?.['reason'] === 'syntax') return '400.0 Bad request syntax'
  if (code !== 'invalid_body') return usual
  if (isUnreadable(details)) return '400.0 Bad request syntax'
  const [reason] = fieldsOf(error).flatMap(({ reason: each }) => (typeof each === 'string' ? [each] : []))
  return (reason === undefined ? undefined : byReason[reason]) ?? usual
}

/** The body broke off, holds what no JSON may hold, or is no JSON Patch. */
function isUnreadable(details: DomainError['details']): boolean {
  return details?.['offset'] !== undefined || details?.['pointer'] !== undefined || details?.['reason'] === 'syntax'
}

/** One text for each field, each user of an object in use, and for where a filter goes wrong. */
function causesOf(error: DomainError): string[] {
  const { details } = error
  const fields = fieldsOf(error).flatMap((each) =>
    typeof each.message === 'string' ? [renamed(each.message, [each])] : [],
  )
  const inherited = profileInUse(error) !== null
  const users = listIn(details, 'users').map(({ type, id, name }) => {
    const kind = inherited && type === 'access_profile' ? 'role' : String(type).replaceAll('_', ' ')
    return `Used by the ${kind} "${name}" (${hexId(String(id))})`
  })
  const place = details?.['offset'] === undefined ? [] : [`At position ${details['offset']}${expected(details)}`]
  return [...fields, ...users, ...place]
}

function expected({ expected: what }: Readonly<Record<string, unknown>>): string {
  if (what === undefined) return ''
  return `, expected: ${Array.isArray(what) ? what.join(', ') : String(what)}`
}

/** Some errors name their only field beside the message. */
function fieldsOf({ message, details }: DomainError): Field[] {
  const field = details?.['field']
  return typeof field === 'string' ? [{ field, message }] : listIn(details, 'fields')
}

function listIn(details: DomainError['details'], name: string): Record<string, unknown>[] {
  const value = details?.[name]
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : []
}

function statusOf(detailCode: DetailCode): number {
  return Number(detailCode.slice(0, 3))
}
