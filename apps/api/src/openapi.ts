import { ModulesContainer } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger'
import { describedPath, Dialects, type Config, type Dialect } from '#platform'
import { bodyExamples, pathParameters } from './openapi-examples.ts'
import { completeOperation, documentedOperations, type Api } from './openapi-operations.ts'
import { nativeApi } from './openapi-native.ts'

const nativeUrl = '/v1/openapi.json'
const dialectUrl = ({ name }: Dialect): string => `/docs/${name}.json`

/**
 * One document for each API: `GET /v1/openapi.json` for ours, `GET /docs/<name>.json` for a dialect, each also as YAML. Swagger
 * UI at `/docs` shows them all.
 */
export function serveDocuments(app: NestFastifyApplication, config: Config): void {
  const dialects = app.get(Dialects).list()
  const urls = [
    { url: nativeUrl, name: 'Castellan' },
    ...dialects.map((dialect) => ({ url: dialectUrl(dialect), name: dialect.title })),
  ]
  for (const dialect of dialects) serve(app, dialectUrl(dialect), () => dialectDocument(app, config, dialect))
  serve(app, nativeUrl, () => nativeDocument(app, config), {
    customSiteTitle: 'Castellan',
    explorer: true,
    swaggerOptions: {
      urls,
      persistAuthorization: true,
      displayRequestDuration: true,
      tagsSorter: 'alpha',
      docExpansion: 'none',
      requestInterceptor: asMeant,
    },
  })
}

function serve(app: NestFastifyApplication, url: string, document: () => OpenAPIObject, ui?: object): void {
  const path = url.slice(1)
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: path,
    yamlDocumentUrl: path.replace(/json$/, 'yaml'),
    ...(ui ?? { ui: false }),
  })
}

/**
 * Runs in the browser. Swagger UI sends every credential it was given that a route takes, and two at once are refused. The
 * browser has none of its own to add: it would answer a refused client of /oauth/token with a dialog for a password. Lines of JSON
 * it shows and sends as one JSON text.
 */
function asMeant(request: { headers: Record<string, string>; body?: unknown; credentials?: string }): object {
  const { headers, body } = request
  if (headers['X-API-Key'] !== undefined) delete headers['Authorization']
  const isText = headers['Content-Type'] === 'application/x-ndjson' && typeof body === 'string' && body.startsWith('"')
  return { ...request, ...(isText && { body: JSON.parse(body) as unknown }), credentials: 'omit' }
}

function nativeDocument(app: NestFastifyApplication, config: Config): OpenAPIObject {
  const others = new Set<unknown>(
    app
      .get(Dialects)
      .list()
      .flatMap(({ modules }) => modules),
  )
  const modules = [...app.get(ModulesContainer).values()].map(({ metatype }) => metatype)
  return documentOf(app, config, { ...nativeApi, modules: modules.filter((each) => !others.has(each)) })
}

function dialectDocument(app: NestFastifyApplication, config: Config, dialect: Dialect): OpenAPIObject {
  return documentOf(app, config, {
    ...dialect,
    describes: (path) => describedPath(dialect, path) === path,
    needsTenant: false,
    extraPaths: {},
  })
}

/** OpenAPI 3.1, whose schemas are JSON Schema: what may be null says so in its type. */
function documentOf(app: NestFastifyApplication, config: Config, api: Api): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(api.title)
    .setDescription(api.about)
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
        description: 'A token of /oauth/token or of the tenant’s own identity provider, or an API key',
      },
      'bearer',
    )
  const document = SwaggerModule.createDocument(app, builder.build(), { include: [...api.modules] })
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...api.errorSchemas } }
  document.paths = { ...described(document.paths, api), ...api.extraPaths }
  for (const operation of documentedOperations(document)) completeOperation(document, api, operation)
  pathParameters(document, api.wireId)
  bodyExamples(document)
  return document
}

function described(paths: OpenAPIObject['paths'], api: Api): OpenAPIObject['paths'] {
  return Object.fromEntries(Object.entries(paths).filter(([path]) => api.describes(path)))
}
