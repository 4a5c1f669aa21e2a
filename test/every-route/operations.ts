import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js'
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core'
import { RequestMethod } from '@nestjs/common'
import { repeatable, routeAccess, RouteTable, type Access } from '#platform'
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
    { description: string; headers?: Schema; content?: Record<string, { schema: Schema }> }
  >
}

export interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Described>>
  readonly components: { readonly schemas: Record<string, Schema>; readonly securitySchemes: Schema }
}

/** One route of the running application, with what the document and its controller say of it. */
export interface Operation extends Described {
  readonly method: string
  /** With `{name}` for each path parameter. */
  readonly path: string
  readonly access: Access
  /** Its answers are not kept for an Idempotency-Key. */
  readonly repeatable: boolean
}

/** The page of Swagger UI and its files: no part of the API. */
const isAsset = (path: string): boolean => path === '/docs' || path.startsWith('/docs/')

/** `GET /v1/grants/{id}` for each route that the server has registered. */
export function registeredRoutes(app: TestApp): string[] {
  const routes = app.app
    .get(RouteTable)
    .list()
    .filter(({ path }) => !isAsset(path))
  return routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
}

export function describedRoutes(document: Document): string[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
}

export async function readDocument(app: TestApp): Promise<Document> {
  const { status, body, text } = await app.anonymous.get<Document>('/v1/openapi.json')
  if (status !== 200) throw new Error(`GET /v1/openapi.json: ${status} ${text}`)
  return body
}

/** Every route that is described; the inventory says that this is every route. */
export function operationsOf(app: TestApp, document: Document): Operation[] {
  const handlers = handlersOf(app)
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, described]) => {
      const method = verb.toUpperCase()
      const handler = handlers.get(`${method} ${path}`)
      return {
        ...described,
        parameters: described.parameters ?? [],
        method,
        path,
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
      const path = [metatype, method].flatMap((each) => Reflect.getMetadata(PATH_METADATA, each) as string).join('/')
      handlers.set(`${RequestMethod[verb]} ${normal(path)}`, {
        access: reflector.getAllAndOverride(routeAccess, [method, metatype]),
        repeatable: reflector.get(repeatable, method) === true,
      })
    }
  }
  return handlers
}

function normal(path: string): string {
  const parts = path.split('/').filter((part) => part !== '')
  return `/${parts.map((part) => part.replace(/^:(\w+)$/, '{$1}')).join('/')}`
}
