import formbody from '@fastify/formbody'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { LogController, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { DomainError, type ErrorCode } from '#kernel'
import { Config } from '../config/config.ts'
import { rendered } from './answers.ts'
import { formRefusal, parseMultipart } from './body-form.ts'
import { limitArrival, parseStream } from './body-stream.ts'
import { openContext } from '../tenancy/context.ts'
import { ErrorFilter, longestPathPart } from './error.filter.ts'
import { parseJsonRequest } from './json-body.ts'
import { RouteTable } from './route-table.ts'
import { securityHeaders } from './security-headers.ts'

const maximumUrlBytes = 16 * 1024
const longestUploadMs = 3_600_000
const singleHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'x-tenant-id',
  'idempotency-key',
  'if-match',
  'content-type',
])

type Answer = Parameters<FastifyAdapter['reply']>

/** Fastify, with our answers: what handlers return, and what its router refuses before any hook runs. */
export class ServerAdapter extends FastifyAdapter {
  errors: ErrorFilter | null = null

  override reply(reply: Answer[0], answer: unknown, statusCode?: number): ReturnType<FastifyAdapter['reply']> {
    return super.reply(reply, 'request' in reply ? rendered(answer, reply) : answer, statusCode)
  }
}

export function fastifyAdapter(config: Config): ServerAdapter {
  const adapter: ServerAdapter = new ServerAdapter({
    http: {
      maxHeaderSize: 4 * maximumUrlBytes,
      requireHostHeader: false,
      requestTimeout: longestUploadMs,
      headersTimeout: config.requestTimeoutMs,
    },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      adapter.errors?.answer(error, request, reply),
    bodyLimit: config.maxBodyBytes,
    requestTimeout: longestUploadMs,
    // One hop: the proxy's own word, the last in X-Forwarded-For, and not what the client has put before it.
    trustProxy: config.trustProxy && ((_address: string, hop: number) => hop === 0),
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && /^[\x20-\x7e]{1,128}$/.test(given) ? given : randomUUID()
    },
    logger: {
      level: config.logLevel,
      stream: process.stderr,
      redact: ['req.headers.authorization', 'req.headers["x-api-key"]'],
    },
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: longestPathPart },
    clientErrorHandler,
  })
  return adapter
}

/** What every request meets before Nest: its context and id, the limits, and bodies parsed the strict way. */
export async function hardenServer(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance
  const routes = app.get(RouteTable)
  const config = app.get(Config)
  const adapter = app.getHttpAdapter()
  if (adapter instanceof ServerAdapter) adapter.errors = app.get(ErrorFilter)

  fastify.addHook('onRoute', ({ method, path }) => {
    for (const each of [method].flat()) if (each !== 'HEAD' && each !== 'OPTIONS') routes.add(each, path)
  })
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(securityHeaders).header('x-request-id', request.id)
    limitArrival(request, config.requestTimeoutMs)
    openContext(request.id, () => done(refusal(request)))
  })
  fastify.server.on('checkExpectation', (_request, response) => {
    const body = JSON.stringify({
      code: 'invalid_request',
      message: 'The only expectation that is met here is 100-continue',
    })
    response.writeHead(417, { 'content-type': 'application/json; charset=utf-8' }).end(body)
  })
  fastify.server.on('connect', (_request, socket: Socket) =>
    answerByHand(socket, '405 Method Not Allowed', 'method_not_allowed', 'CONNECT is not answered: this is no proxy'),
  )
  fastify.removeContentTypeParser(['application/json', 'text/plain'])
  for (const type of ['application/json', 'application/json-patch+json', 'application/scim+json']) {
    fastify.addContentTypeParser(type, { parseAs: 'buffer' }, parseJsonRequest)
  }
  fastify.addContentTypeParser('application/x-ndjson', parseStream(config))
  fastify.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, parseMultipart)
  await fastify.register(formbody)
}

function refusal(request: FastifyRequest): DomainError | undefined {
  if (Buffer.byteLength(request.url) > maximumUrlBytes) {
    return new DomainError('uri_too_long', `The address must not be longer than ${maximumUrlBytes} bytes`)
  }
  if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
    return new DomainError('invalid_request', 'An HTTP/1.1 request needs a Host header', { header: 'Host' })
  }
  const repeated = repeatedHeader(request.raw.rawHeaders)
  if (repeated !== null) {
    return new DomainError('invalid_request', `The header ${repeated} must be sent once`, { header: repeated })
  }
  return formRefusal(request)
}

/** @param rawHeaders name, value, name, value … as they came */
function repeatedHeader(rawHeaders: readonly string[]): string | null {
  const seen: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const lower = name.toLowerCase()
    if (!singleHeaders.has(lower)) continue
    if (seen.includes(lower)) return name
    seen.push(lower)
  }
  return null
}

/** What Node's HTTP parser refuses never becomes a request; it is answered by hand, in the native shape. */
function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return void socket.destroy()
  const [status, code, message]: [string, ErrorCode, string] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'headers_too_large', 'The headers are too large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'request_timeout', 'The request took too long to arrive']
        : ['400 Bad Request', 'invalid_request', 'The request is not valid HTTP']
  answerByHand(socket, status, code, message)
}

function answerByHand(socket: Socket, status: string, code: ErrorCode, message: string): void {
  const body = JSON.stringify({ code, message })
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
