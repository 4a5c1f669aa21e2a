import { RouteConfig } from '@nestjs/platform-fastify'
import type { FastifyRequest } from 'fastify'
import { DomainError } from '#kernel'

const form = 'takesForm'

/** The route takes `application/x-www-form-urlencoded` and `multipart/form-data`, which any page may make a browser send. */
export const TakesForm = (): MethodDecorator => RouteConfig({ [form]: true })

/** What refuses a form where none is taken. */
export function formRefusal(request: FastifyRequest): DomainError | undefined {
  if (
    request.is404 ||
    !/^\s*(?:application\/x-www-form-urlencoded|multipart\/)/i.test(request.headers['content-type'] ?? '')
  )
    return undefined
  const config = request.routeOptions.config as unknown as Record<string, unknown>
  return config[form] === true
    ? undefined
    : new DomainError('unsupported_media_type', 'This address takes no forms; send application/json')
}

/**
 * Fastify's parser for `multipart/form-data`: the body as one that Node can read (`formData()`). A plugin would hang its
 * hooks on every request for the one route that takes such bodies.
 */
export function parseMultipart(
  request: FastifyRequest,
  body: Buffer<ArrayBuffer>,
  done: (error: Error | null, body: Response) => void,
): void {
  done(null, new Response(body, { headers: { 'content-type': request.headers['content-type'] ?? '' } }))
}
