import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger'
import { errors, type ErrorCode } from '#kernel'
import type { Config } from '#platform'

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>

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
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, tagsSorter: 'alpha', docExpansion: 'none' },
  })
}

export function nativeDocument(app: NestFastifyApplication, config: Config): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Castellan')
    .setDescription(about.trim())
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(config.publicUrl ?? '/')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: "A tenant's API key" }, 'api_key')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: "The operator's key" }, 'operator')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token of /oauth/token or of the tenant’s own identity provider' }, 'bearer')
  const document = SwaggerModule.createDocument(app, builder.build())
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Error: errorSchema } }
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      const operation = item[method]
      if (operation) complete(path, method, operation)
    }
  }
  return document
}

const errorSchema = {
  type: 'object' as const,
  required: ['code', 'message'],
  properties: {
    code: { type: 'string' as const, description: 'Machine-readable and stable', enum: Object.keys(errors) },
    message: { type: 'string' as const, description: 'What was wrong, where, and what would be right' },
    details: { type: 'object' as const, additionalProperties: true, description: 'The parameter, the position, the allowed values' },
    notices: { type: 'array' as const, items: { type: 'string' as const }, description: 'Notices of the policy rules that decided' },
  },
  example: { code: 'not_found', message: 'No grant has the id 019a0000-0000-7000-8000-0000000000ff' },
}

/** What every operation has without saying it: the headers of its method, and the errors that can come of it. */
function complete(path: string, method: string, operation: Operation): void {
  const parameters = (operation.parameters ??= [])
  if (method === 'post' && path.startsWith('/v1/')) parameters.push(idempotencyKey)
  if (/\{[^}]+\}/.test(path) && method !== 'get') parameters.push(ifMatch)
  const open = operation.security === undefined
  const codes: ErrorCode[] = [
    'invalid_parameter', 'not_found', 'internal', 'unavailable', 'uri_too_long', 'headers_too_large', 'request_timeout',
    ...(open ? [] : (['unauthenticated', 'forbidden', 'rate_limited'] as const)),
    ...(method === 'get' ? [] : (['invalid_state', 'precondition_failed', 'payload_too_large', 'unsupported_media_type'] as const)),
  ] // prettier-ignore
  for (const [status, titles] of byStatus(codes)) {
    operation.responses[status] ??= {
      description: titles,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      ...(status === '429' || status === '503' ? { headers: { 'Retry-After': retryAfter } } : {}),
    }
  }
}

function byStatus(codes: readonly ErrorCode[]): [string, string][] {
  const statuses = new Set(codes.map((code) => errors[code].status))
  return [...statuses].map((status) => {
    const rows = Object.entries(errors).filter(([, row]) => row.status === status)
    return [String(status), rows.map(([code, { title }]) => `\`${code}\`: ${title}`).join('; ')]
  })
}

const retryAfter = { description: 'Seconds to wait', schema: { type: 'string' as const } }

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'The same key and body give the stored answer again for 24 hours; the same key with another body is 409',
  schema: { type: 'string' as const, maxLength: 255 },
}

const ifMatch = {
  name: 'If-Match',
  in: 'header' as const,
  required: false,
  description: 'The ETag that was read; 412 when the object has changed since',
  schema: { type: 'string' as const },
}
