import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js'
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core'
import { RequestMethod } from '@nestjs/common'
import { describedPath, Dialects, repeatable, routeAccess, RouteTable, type Access, type Dialect } from '#platform'
import type { TestApp } from '../support/app.ts'

/** A schema of the document, which is JSON Schema; read by name. */
export type Schema = Record<string, any>

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}

export interface Described {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: string[]
  readonly security?: Record<string, string[]>[]
  readonly parameters: Parameter[]
  readonly requestBody?: { readonly content: Record<string, { schema: Schema }> }
  readonly responses: Record<
    string,
    { description: string; headers?: Schema; content?: Record<string, { schema: Schema; example?: unknown }> }
  >
}

export interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Described>>
  readonly components: { readonly schemas: Record<string, Schema>; readonly securitySchemes: Schema }
}

/** One of the documents, as it is served; `dialect` is null for ours. */
export interface Api {
  readonly dialect: Dialect | null
  readonly document: Document
}

/** One route of the running application, with what its document and its controller say of it. */
export interface Operation extends Described {
  readonly dialect: Dialect | null
  readonly method: string
  /** With `{name}` for each path parameter. */
  readonly path: string
  readonly access: Access
  /** Its answers are not kept for an Idempotency-Key. */
  readonly repeatable: boolean
}

/** The page of Swagger UI and its files: no part of the API. */
const isAsset = (path: string): boolean => path === '/docs' || path.startsWith('/docs/')

/** `GET /v1/grants/{id}` for each route that the server has registered; a dialect's under the path that its document has. */
export function registeredRoutes(app: TestApp): string[] {
  const dialects = app.app.get(Dialects).list()
  const routes = app.app
    .get(RouteTable)
    .list()
    .filter(({ path }) => !isAsset(path))
  return [...new Set(routes.map(({ method, path }) => `${method} ${asDescribed(dialects, normal(path))}`))]
}

function asDescribed(dialects: readonly Dialect[], path: string): string {
  return dialects.map((dialect) => describedPath(dialect, path)).find((described) => described !== null) ?? path
}

export function describedRoutes(document: Document): string[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
}

/** The document of each API: ours first. */
export async function readDocuments(app: TestApp): Promise<Api[]> {
  const dialects = app.app.get(Dialects).list()
  const urls = ['/v1/openapi.json', ...dialects.map(({ name }) => `/docs/${name}.json`)]
  return await Promise.all(
    urls.map(async (url, index) => {
      const { status, body, text } = await app.anonymous.get<Document>(url)
      if (status !== 200) throw new Error(`GET ${url}: ${status} ${text}`)
      return { dialect: dialects[index - 1] ?? null, document: body }
    }),
  )
}

/** All of them in one, in which the schemas of a dialect bear its name. */
export function merged(apis: readonly Api[]): Document {
  const documents = apis.map(({ dialect, document }) => (dialect ? named(document, dialect.name) : document))
  const [ours] = documents
  if (!ours) throw new Error('There is no document')
  return {
    ...ours,
    paths: Object.assign({}, ...documents.map(({ paths }) => paths)) as Document['paths'],
    components: {
      ...ours.components,
      schemas: Object.assign({}, ...documents.map(({ components }) => components.schemas)) as Record<string, Schema>,
    },
  }
}

function named(document: Document, name: string): Document {
  const text = JSON.stringify(document).replaceAll('"#/components/schemas/', `"#/components/schemas/${name}.`)
  const renamed = JSON.parse(text) as Document
  const schemas = Object.entries(renamed.components.schemas).map(([key, schema]) => [`${name}.${key}`, schema] as const)
  return { ...renamed, components: { ...renamed.components, schemas: Object.fromEntries(schemas) } }
}

/** Every route that is described; the inventory says that this is every route. */
export function operationsOf(app: TestApp, apis: readonly Api[]): Operation[] {
  const handlers = handlersOf(app)
  const { paths } = merged(apis)
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, described]) => {
      const method = verb.toUpperCase()
      const handler = handlers.get(`${method} ${path}`)
      return {
        ...described,
        parameters: described.parameters ?? [],
        method,
        path,
        dialect: apis.find(({ dialect }) => dialect && describedPath(dialect, path) === path)?.dialect ?? null,
        access: handler?.access ?? { kind: 'public' },
        repeatable: handler?.repeatable ?? false,
      }
    }),
  )
}

interface Handler {
  readonly access: Access | undefined
  readonly repeatable: boolean
}

/** What the decorators of each controller's method say: the truth that the document must tell. */
function handlersOf(app: TestApp): Map<string, Handler> {
  const [modules, reflector, scanner] = [app.app.get(ModulesContainer), app.app.get(Reflector), new MetadataScanner()]
  const handlers = new Map<string, Handler>()
  for (const { metatype, instance } of [...modules.values()].flatMap(({ controllers }) => [...controllers.values()])) {
    if (typeof metatype !== 'function' || !instance) continue
    for (const name of scanner.getAllMethodNames(Object.getPrototypeOf(instance))) {
      const method = (instance as Record<string, () => unknown>)[name]
      const verb = method && (Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod | undefined)
      if (!method || verb === undefined) continue
      const [prefixes, path] = [metatype, method].map((each) =>
        [Reflect.getMetadata(PATH_METADATA, each) as string].flat(),
      )
      for (const prefix of prefixes ?? []) {
        handlers.set(`${RequestMethod[verb]} ${normal(`${prefix}/${path}`)}`, {
          access: reflector.getAllAndOverride(routeAccess, [method, metatype]),
          repeatable: reflector.get(repeatable, method) === true,
        })
      }
    }
  }
  return handlers
}

function normal(path: string): string {
  const parts = path.split('/').filter((part) => part !== '')
  return `/${parts.map((part) => part.replace(/^:(\w+)(?:\(\^[^)]*\))?/, '{$1}').replace('::', ':')).join('/')}`
}
