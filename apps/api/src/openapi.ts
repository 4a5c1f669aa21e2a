import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger'
import { errors, type ErrorCode } from '#kernel'
import type { Config } from '#platform'
import { bodyExamples, pathParameters } from './openapi-examples.ts'

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>
type Response = Exclude<NonNullable<Operation['responses'][string]>, { $ref: string }>

const about = `
Who may hold what, who holds it now, who said so, and how to get it.

**Credentials.** Machines send \`X-API-Key\`, people and OAuth clients \`Authorization: Bearer\`. Every \`/v1\` route but the
operator's also wants \`X-Tenant-ID\`, which must be the credential's own tenant.

**Lists** are pages of \`limit\` items (50, at most 250); \`next_cursor\` leads to the next one and is good for the same query
only. No item is skipped or repeated while items are written.

**Writes.** Every POST takes an \`Idempotency-Key\`: the same key and body give the stored answer again, for 24 hours. Every
single object has an \`ETag\`; \`If-Match\` on a write that changes it refuses a lost update.

**Errors** are \`{code, message, details?, notices?}\`; \`code\` is stable. \`X-Request-Id\` is taken or made, and comes back.`

/** `GET /v1/openapi.json`, `GET /v1/openapi.yaml` and Swagger UI at `/docs`. */
export function serveDocuments(app: NestFastifyApplication, config: Config): void {
  SwaggerModule.setup('docs', app, () => nativeDocument(app, config), {
    jsonDocumentUrl: 'v1/openapi.json',
    yamlDocumentUrl: 'v1/openapi.yaml',
    customSiteTitle: 'Castellan',
    customCss: '.swagger-ui .topbar { display: none }',
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      tagsSorter: 'alpha',
      docExpansion: 'none',
      requestInterceptor: oneCredential,
    },
  })
}

/** Runs in the browser. Swagger UI sends every credential it was given that a route takes, and two at once are refused. */
function oneCredential(request: { headers: Record<string, string> }): object {
  if (request.headers['X-API-Key'] !== undefined) delete request.headers['Authorization']
  return request
}

/** OpenAPI 3.1, whose schemas are JSON Schema: what may be null says so in its type. */
export function nativeDocument(app: NestFastifyApplication, config: Config): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Castellan')
    .setDescription(about.trim())
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(config.publicUrl ?? '/')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: "A tenant's API key" }, 'api_key')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: "The operator's key" }, 'operator')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'A token of /oauth/token or of the tenant’s own identity provider',
      },
      'bearer',
    )
  const document = SwaggerModule.createDocument(app, builder.build())
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...errorSchemas } }
  document.paths = { ...document.paths, ...documentPaths }
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method]
      if (operation) complete(document, path, method, operation)
    }
  }
  pathParameters(document)
  bodyExamples(document)
  return document
}

const errorSchemas = {
  Error: {
    type: 'object' as const,
    required: ['code', 'message'],
    properties: {
      code: { type: 'string' as const, description: 'Machine-readable and stable', enum: Object.keys(errors) },
      message: { type: 'string' as const, description: 'What was wrong, where, and what would be right' },
      details: {
        type: 'object' as const,
        additionalProperties: true,
        description: 'The parameter, the position, the allowed values',
      },
      notices: {
        type: 'array' as const,
        items: { type: 'string' as const },
        description: 'Notices of the policy rules that decided',
      },
    },
    example: { code: 'not_found', message: 'No grant has the id 019a0000-0000-7000-8000-0000000000ff' },
  },
  OAuthError: {
    type: 'object' as const,
    description: 'RFC 6749, section 5.2',
    required: ['error', 'error_description'],
    properties: { error: { type: 'string' as const }, error_description: { type: 'string' as const } },
    example: { error: 'invalid_client', error_description: 'Bad client credentials' },
  },
}

/** What is served by the document's own module, not by a controller. */
const documentPaths: OpenAPIObject['paths'] = {
  '/v1/openapi.json': { get: thisDocument('getOpenApiJson', 'application/json', { type: 'object' }) },
  '/v1/openapi.yaml': { get: thisDocument('getOpenApiYaml', 'text/yaml', { type: 'string' }) },
}

function thisDocument(operationId: string, type: string, schema: { type: 'object' | 'string' }): Operation {
  return {
    operationId,
    summary: 'This document',
    description: 'OpenAPI 3.1. Swagger UI over it stands at /docs.',
    tags: ['Documents'],
    responses: { '200': { description: 'The document', content: { [type]: { schema } } } },
  }
}

/** What every operation has without saying it: the headers of its method, and the errors that can come of it. */
function complete(document: OpenAPIObject, path: string, method: string, operation: Operation): void {
  const parameters = (operation.parameters ??= [])
  const keyed = method === 'post' && path.startsWith('/v1/') && !('x-repeatable' in operation)
  if (keyed) parameters.push(idempotencyKey)
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response && !('$ref' in response)) describe(document, status, response, keyed)
  }
  const oauth = path.startsWith('/oauth/')
  for (const [status, codes] of byStatus(codesOf(path, method, operation))) {
    const schema = { $ref: `#/components/schemas/${oauth ? 'OAuthError' : 'Error'}` }
    const example = { code: codes[0], message: errors[codes[0]].title }
    operation.responses[status] ??= {
      description: codes.map((code) => `\`${code}\`: ${errors[code].title}`).join('; '),
      content: { 'application/json': { schema, ...(!oauth && { example }) } },
      ...(status === '429' || status === '503' ? { headers: { 'Retry-After': retryAfter } } : {}),
    }
  }
}

function codesOf(path: string, method: string, operation: Operation): ErrorCode[] {
  const named = new Set(operation.parameters?.flatMap((parameter) => ('name' in parameter ? [parameter.name] : [])))
  const codes = (condition: boolean, ...some: ErrorCode[]): ErrorCode[] => (condition ? some : [])
  const write = method !== 'get'
  return [
    ...codes(operation.requestBody !== undefined, 'invalid_body'),
    'invalid_parameter', 'invalid_request',
    ...codes(named.has('cursor') || named.has('page_token'), 'invalid_cursor'),
    ...codes(named.has('filter'), 'invalid_filter'),
    ...codes(named.has('X-Tenant-ID'), 'invalid_tenant_id', 'tenant_mismatch'),
    ...codes(operation.security !== undefined, 'ambiguous_credentials', 'unauthenticated', 'forbidden', 'rate_limited'),
    ...codes(path.startsWith('/oauth/'), 'unauthenticated', 'rate_limited'),
    ...codes(path.includes('{'), 'not_found'),
    ...codes(write && operation.security !== undefined, 'invalid_state', 'write_conflict'),
    ...codes(write && operation.requestBody !== undefined, 'already_exists'),
    ...codes(method === 'delete', 'in_use'),
    ...codes(named.has('Idempotency-Key'), 'idempotency_key_reused', 'idempotency_in_progress'),
    ...codes(named.has('If-Match'), 'precondition_failed'),
    ...codes(write, 'invalid_body', 'payload_too_large', 'unsupported_media_type'),
    'request_timeout', 'uri_too_long', 'headers_too_large', 'internal', 'unavailable',
  ] // prettier-ignore
}

type Codes = [ErrorCode, ...ErrorCode[]]

function byStatus(codes: readonly ErrorCode[]): [status: string, codes: Codes][] {
  const rows = new Map<string, Codes>()
  for (const code of new Set(codes)) {
    const status = String(errors[code].status)
    const others = rows.get(status)
    if (others) others.push(code)
    else rows.set(status, [code])
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
  if (!schema || !('$ref' in schema)) return false
  const named = document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? '']
  return named !== undefined && 'properties' in named && named.properties?.['version'] !== undefined
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
  description: 'The same key and body give the stored answer again for 24 hours; the same key with another body is 409',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
}
