import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { RouteConfig } from '@nestjs/platform-fastify'
import type { FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { DomainError } from '#kernel'
import type { Config } from '../config/config.ts'

const streamed = 'takesStream'

/** The route reads its `application/x-ndjson` body while it arrives. */
export const TakesStream = (): MethodDecorator => RouteConfig({ [streamed]: true })

/** Whether the request's route does. */
export function takesStream({ routeOptions }: FastifyRequest): boolean {
  const config = routeOptions.config as unknown as Record<string, unknown> | undefined
  return config?.[streamed] === true
}

/** The bytes of the body, as they arrive. */
export const BodyStream = createParamDecorator((_: unknown, context: ExecutionContext): AsyncIterable<Buffer> => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>()
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body) return body as AsyncIterable<Buffer>
  throw notLines('This address takes lines of JSON as application/x-ndjson')
})

const deadlines = new WeakMap<IncomingMessage, NodeJS.Timeout>()

/** From now on the whole body must arrive in time: otherwise 408, as from Node, whose own limit knows no routes. */
export function limitArrival({ raw, server: { server } }: FastifyRequest, milliseconds: number): void {
  if (raw.headers['transfer-encoding'] === undefined && (raw.headers['content-length'] ?? '0') === '0') return
  const deadline = setTimeout(() => {
    if (raw.complete || raw.socket.destroyed) return
    server.emit('clientError', Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), raw.socket)
    raw.socket.destroySoon()
  }, milliseconds).unref()
  deadlines.set(raw, deadline)
  raw.once('close', () => clearTimeout(deadline))
}

/**
 * Fastify's parser for bodies that are not held in memory; other routes refuse them. While it is read such a body may
 * take its time, but must not pause for longer than other bodies may take as a whole.
 */
export function parseStream({ maxImportBytes, requestTimeoutMs }: Config) {
  return async (request: FastifyRequest, payload: IncomingMessage): Promise<AsyncIterable<Buffer>> => {
    if (!takesStream(request)) throw notLines('This address does not take application/x-ndjson')
    const encoding = request.headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity')
      throw notLines(`The lines must be sent as they are, without the content encoding ${encoding}`)
    if (Number(request.headers['content-length'] ?? 0) > maxImportBytes) throw tooLarge(maxImportBytes)
    return bounded(request, payload, maxImportBytes, requestTimeoutMs)
  }
}

async function* bounded(
  request: FastifyRequest,
  payload: IncomingMessage,
  maximumBytes: number,
  longestPauseMs: number,
): AsyncGenerator<Buffer> {
  clearTimeout(deadlines.get(request.raw))
  const chunks = payload[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let length = 0
  try {
    for (;;) {
      const next = await inTime(chunks.next(), longestPauseMs)
      if (next.done) return
      length += next.value.length
      if (length > maximumBytes) throw tooLarge(maximumBytes)
      yield next.value
    }
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw new DomainError('invalid_request', 'The body broke off before its end', undefined, { cause: error })
  } finally {
    // What nobody reads any more.
    if (!payload.complete) limitArrival(request, longestPauseMs)
  }
}

async function inTime<T>(read: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(milliseconds)), milliseconds)
  })
  try {
    return await Promise.race([read, late])
  } finally {
    clearTimeout(timer)
  }
}

function tooSlow(milliseconds: number): DomainError {
  const message = `No more of the body came for ${milliseconds} milliseconds`
  return new DomainError('request_timeout', message, undefined, { headers: { connection: 'close' } })
}

function notLines(message: string): DomainError {
  return new DomainError('unsupported_media_type', message)
}

function tooLarge(maximumBytes: number): DomainError {
  const message = `The body must not be larger than ${maximumBytes} bytes; send the lines in several imports`
  return new DomainError('payload_too_large', message, { limit: maximumBytes }, { headers: { connection: 'close' } })
}
