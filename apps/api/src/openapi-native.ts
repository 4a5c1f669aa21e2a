import type { OpenAPIObject } from '@nestjs/swagger'
import { errors } from '#kernel'
import { maximumDepth, maximumMembers, renderNativeError, renderOAuthError } from '#platform'
import type { Api, Operation } from './openapi-operations.ts'

const about = `
Who may hold what, who holds it now, who said so, and how to get it.

**Credentials.** Machines send \`X-API-Key\`, people and OAuth clients \`Authorization: Bearer\`. Every \`/v1\` route but the
operator's also wants \`X-Tenant-ID\`, which must be the credential's own tenant.

**Lists** are pages of \`limit\` items (50, at most 250); \`next_cursor\` leads to the next one and is good for the same query
only. No item is skipped or repeated while items are written.

**Writes.** Every POST takes an \`Idempotency-Key\`: the same key and body give the stored answer again, for 24 hours. Every
single object that can change has an \`ETag\`; \`If-Match\` on a write that changes it refuses a lost update, and on a PATCH, PUT or DELETE of
what has no \`ETag\` every write, unless it is \`*\`.

**Sizes.** JSON is at most ${maximumDepth} levels deep, an object in it has at most ${maximumMembers} members, and a whole number is below 2^53; a body has
1 MiB unless the server is set to other limits, an address 16 KiB.

**Errors** are \`{code, message, details?, notices?}\`; \`code\` is stable. \`X-Request-Id\` is taken or made, and comes back.`

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
    properties: {
      error: { type: 'string' as const, description: 'One of the codes of the RFC' },
      error_description: { type: 'string' as const, description: 'What was wrong, in words' },
    },
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

const isOAuth = (path: string): boolean => path.startsWith('/oauth/')

/** Our own API: every route that is no dialect's. */
export const nativeApi: Omit<Api, 'modules'> = {
  title: 'Castellan',
  about: about.trim(),
  describes: () => true,
  needsTenant: true,
  extraPaths: documentPaths,
  render: (error, request) => (isOAuth(request.path) ? renderOAuthError : renderNativeError)(error, request),
  errorSchemas,
  errorSchema: (_code, path) => (isOAuth(path) ? 'OAuthError' : 'Error'),
  namesCodes: true,
}
