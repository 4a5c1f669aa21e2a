import type { OpenAPIObject } from '@nestjs/swagger'
import { DomainError, errors, type ErrorCode } from '#kernel'
import type { Dialect } from '#platform'

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string]
type Response = Exclude<NonNullable<Operation['responses'][string]>, { $ref: string }>

/** What a document needs to know of an API, ours or a dialect. */
export interface Api extends Pick<Dialect, 'title' | 'about' | 'modules' | 'render' | 'errorSchemas' | 'wireId'> {
  /** Whether a path stands in the document. */
  readonly describes: (path: string) => boolean
  /** Whether X-Tenant-ID must be sent. */
  readonly needsTenant: boolean
  /** What no controller serves. */
  readonly extraPaths: OpenAPIObject['paths']
  readonly errorSchema: (code: ErrorCode, path: string) => string
  /** The answers carry our error codes. */
  readonly namesCodes?: boolean
}

interface Documented {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

export function documentedOperations(document: OpenAPIObject): Documented[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item[method]
      return operation ? [{ path, method, operation }] : []
    }),
  )
}

/** What an operation has without saying it: the headers of its method, and the errors that can come of it. */
export function completeOperation(document: OpenAPIObject, api: Api, { path, method, operation }: Documented): void {
  const parameters = (operation.parameters ??= [])
  for (const parameter of parameters) {
    if ('name' in parameter && parameter.name === 'X-Tenant-ID') parameter.required = api.needsTenant
  }
  const keyed = method === 'post' && !('x-repeatable' in operation)
  if (keyed) parameters.push(idempotencyKey)
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response && !('$ref' in response)) describe(document, status, response, keyed)
  }
  for (const [status, { codes, example }] of answersTo(codesOf(document, path, method, operation), api, path)) {
    const schema = api.errorSchema(codes[0], path)
    operation.responses[status] ??= {
      description: codes.map((code) => (api.namesCodes ? `\`${code}\`: ` : '') + errors[code].title).join('; '),
      content: {
        'application/json': {
          schema: { $ref: `#/components/schemas/${schema}` },
          example,
        },
      },
      ...(status === '429' || status === '503' ? { headers: { 'Retry-After': retryAfter } } : {}),
    }
  }
}

function codesOf(document: OpenAPIObject, path: string, method: string, operation: Operation): ErrorCode[] {
  const named = new Set(operation.parameters?.flatMap((parameter) => ('name' in parameter ? [parameter.name] : [])))
  const codes = (condition: boolean, ...some: ErrorCode[]): ErrorCode[] => (condition ? some : [])
  const write = method !== 'get'
  return [
    ...codes(operation.requestBody !== undefined, 'invalid_body'),
    'invalid_parameter', 'invalid_request',
    ...codes(named.has('cursor') || named.has('page_token'), 'invalid_cursor'),
    ...codes(named.has('filter') || named.has('filters') || takes(document, operation, 'filter'), 'invalid_filter'),
    ...codes(named.has('X-Tenant-ID'), 'invalid_tenant_id', 'tenant_mismatch'),
    ...codes(operation.security !== undefined, 'ambiguous_credentials', 'unauthenticated', 'forbidden', 'rate_limited'),
    ...codes(path.startsWith('/oauth/'), 'unauthenticated', 'rate_limited'),
    ...codes(path.includes('{'), 'not_found'),
    ...codes(write && operation.security !== undefined, 'invalid_state', 'write_conflict'),
    ...codes(write && operation.requestBody !== undefined && operation.security !== undefined, 'already_exists'),
    ...codes(method === 'delete', 'in_use'),
    ...codes(named.has('Idempotency-Key'), 'idempotency_key_reused', 'idempotency_in_progress'),
    ...codes(named.has('If-Match') || ['patch', 'put', 'delete'].includes(method), 'precondition_failed'),
    ...codes(write, 'invalid_body', 'payload_too_large', 'unsupported_media_type'),
    'request_timeout', 'uri_too_long', 'headers_too_large', 'internal', 'unavailable',
  ] // prettier-ignore
}

/** Whether its body has such a field. */
function takes(document: OpenAPIObject, { requestBody }: Operation, field: string): boolean {
  const body = requestBody && 'content' in requestBody ? requestBody.content['application/json']?.schema : undefined
  return body !== undefined && fieldsOf(document, body).includes(field)
}

function fieldsOf(document: OpenAPIObject, schema: Schema): string[] {
  const named = '$ref' in schema ? document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] : schema
  return named && 'properties' in named ? Object.keys(named.properties ?? {}) : []
}

interface Answer {
  readonly codes: [ErrorCode, ...ErrorCode[]]
  /** The body of the answer to the first of them. */
  readonly example: unknown
}

/** The codes by the status that the API answers them with. */
function answersTo(codes: readonly ErrorCode[], api: Api, path: string): [status: string, answer: Answer][] {
  const rows = new Map<string, Answer>()
  for (const code of new Set(codes)) {
    const { status, body } = api.render(new DomainError(code), { id: '', path, headers: {} })
    const others = rows.get(String(status))
    if (others) others.codes.push(code)
    else rows.set(String(status), { codes: [code], example: body })
  }
  return [...rows]
}

const outcomes: Record<string, string> = { '200': 'Done', '201': 'Created', '204': 'Done; no body' }

function describe(document: OpenAPIObject, status: string, response: Response, keyed: boolean): void {
  response.description ||= outcomes[status] ?? 'Done'
  const headers = {
    ...(isVersioned(document, response) && { ETag: entityTag }),
    ...(keyed && { 'Idempotent-Replayed': replayed }),
  }
  if (Object.keys(headers).length > 0) response.headers = { ...headers, ...response.headers }
}

function isVersioned(document: OpenAPIObject, response: Response): boolean {
  const schema = response.content?.['application/json']?.schema
  return schema !== undefined && '$ref' in schema && fieldsOf(document, schema).includes('version')
}

const retryAfter = { description: 'Seconds to wait', schema: { type: 'string' as const } }
const entityTag = {
  description: 'The version of the object, for If-Match',
  schema: { type: 'string' as const, example: '"1"' },
}
const replayed = { description: '`true` on a stored answer', schema: { type: 'string' as const, enum: ['true'] } }

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description:
    'The same key and body give the stored answer again for 24 hours; the same key with another body is refused',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
}
