import { Catch, HttpException, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode, type ErrorDetails } from '#kernel'
import { toDomainError } from '../database/database-errors.ts'
import { takesStream } from './body-stream.ts'
import { ErrorRenderers } from './error-renderers.ts'
import { RouteTable } from './route-table.ts'

/** Fastify's and Nest's own refusals, by status. */
const byStatus: Record<number, ErrorCode> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  431: 'headers_too_large',
  503: 'unavailable',
}

/** Of a parameter in a path, in characters. */
export const longestPathPart = 512

/** The one place where an error becomes an answer. */
@Catch()
@Injectable()
export class ErrorFilter implements ExceptionFilter {
  readonly #renderers: ErrorRenderers
  readonly #routes: RouteTable

  constructor(renderers: ErrorRenderers, routes: RouteTable) {
    this.#renderers = renderers
    this.#routes = routes
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>())
  }

  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    // The client went away in the middle of its request: nobody is left to answer.
    if (request.raw.destroyed && !request.raw.complete)
      return request.log.debug({ err: thrown }, 'The client went away')
    const error = this.#normalise(thrown, request)
    const path = pathOf(request)
    const { status, body, headers, log } = this.#renderers.render(error, {
      id: request.id,
      path,
      headers: request.headers,
    })
    if (error.status >= 500) request.log.error({ ...log, err: error.cause ?? thrown, code: error.code }, error.message)
    else request.log.debug({ ...log, code: error.code, cause: error.cause }, error.message)
    if (reply.sent) return
    void reply.headers({ 'x-request-id': request.id, ...error.headers, ...headers }).status(status)
    void reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body))
  }

  #normalise(thrown: unknown, request: FastifyRequest): DomainError {
    const error = toDomainError(thrown)
    if (error instanceof DomainError) return error
    const status = statusOf(error)
    if (status === 404) return this.#unmatched(request)
    const code = status === null ? undefined : byStatus[status]
    if (code && status !== null && status < 500) {
      const { message = publicText(error), details } = rightly[code]?.(request) ?? {}
      return new DomainError(code, message, details, { cause: error })
    }
    return new DomainError(
      'internal',
      `Something went wrong on our side; the request id ${request.id} finds it in the log`,
      { request_id: request.id },
      { cause: error },
    )
  }

  #unmatched(request: FastifyRequest): DomainError {
    const path = pathOf(request)
    const methods = this.#routes.methodsOf(path)
    // HEAD is answered where GET is (RFC 9110 9.3.2).
    const method = request.method === 'HEAD' ? 'GET' : request.method
    if (methods.length === 0 || methods.includes(method))
      return new DomainError(
        'not_found',
        `Nothing stands at ${request.method} ${path.slice(0, 200)}; /docs lists what does`,
      )
    const allow = methods.join(', ')
    return new DomainError(
      'method_not_allowed',
      `${path.slice(0, 200)} answers ${allow}, not ${request.method}`,
      { allowed: methods },
      { headers: { allow } },
    )
  }
}

/** The route as it was registered, or for an address that no route has, the address with single slashes. */
function pathOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? request.url.replace(/[?#].*$/s, '').replaceAll(/\/{2,}/g, '/')
}

function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus()
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode
  return null
}

/** What would be right, where Fastify only says what is wrong. */
const rightly: Partial<Record<ErrorCode, (request: FastifyRequest) => { message: string; details?: ErrorDetails }>> = {
  payload_too_large: ({ routeOptions: { bodyLimit: limit } }) => ({
    message: `The body must not be larger than ${limit} bytes`,
    details: { limit },
  }),
  uri_too_long: () => ({ message: `No part of a path is longer than ${longestPathPart} characters` }),
  unsupported_media_type: (request) => ({
    message: `This address takes ${takesStream(request) ? 'application/x-ndjson' : 'application/json'}, not ${given(request)}`,
  }),
}

function given({ headers }: FastifyRequest): string {
  return headers['content-type']?.slice(0, 100) || 'a body without a content type'
}

/** Fastify's texts are for clients; they name no internals. */
function publicText(error: unknown): string | undefined {
  return error instanceof Error ? error.message : undefined
}
