import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { RouteConfig } from '@nestjs/platform-fastify'
import type { FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { DomainError } from '#kernel'

const streamed = 'takesStream'

/** The route reads its `application/x-ndjson` body while it arrives. */
export const TakesStream = (): MethodDecorator => RouteConfig({ [streamed]: true })

/** The bytes of the body, as they arrive. */
export const BodyStream = createParamDecorator((_: unknown, context: ExecutionContext): AsyncIterable<Buffer> => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>()
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body) return body as AsyncIterable<Buffer>
  throw notLines('This address takes lines of JSON as application/x-ndjson')
})

/** Fastify's parser for bodies that are not held in memory; other routes refuse them. */
export function parseStream(maximumBytes: number) {
  return async (request: FastifyRequest, payload: IncomingMessage): Promise<AsyncIterable<Buffer>> => {
    const config = request.routeOptions.config as unknown as Record<string, unknown>
    if (config[streamed] !== true) throw notLines('This address does not take application/x-ndjson')
    const encoding = request.headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity')
      throw notLines(`The lines must be sent as they are, without the content encoding ${encoding}`)
    if (Number(request.headers['content-length'] ?? 0) > maximumBytes) throw tooLarge(maximumBytes)
    return bounded(payload, maximumBytes)
  }
}

async function* bounded(payload: AsyncIterable<Buffer>, maximumBytes: number): AsyncGenerator<Buffer> {
  let length = 0
  try {
    for await (const chunk of payload) {
      length += chunk.length
      if (length > maximumBytes) throw tooLarge(maximumBytes)
      yield chunk
    }
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw new DomainError('invalid_request', 'The body broke off before its end', undefined, { cause: error })
  }
}

function notLines(message: string): DomainError {
  return new DomainError('unsupported_media_type', message)
}

function tooLarge(maximumBytes: number): DomainError {
  const message = `The body must not be larger than ${maximumBytes} bytes; send the lines in several imports`
  return new DomainError('payload_too_large', message, { limit: maximumBytes }, { headers: { connection: 'close' } })
}
