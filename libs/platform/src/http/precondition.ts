import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { ApiHeader } from '@nestjs/swagger'
import type { FastifyRequest } from 'fastify'
import { DomainError } from '#kernel'

/** What If-Match asks for (RFC 9110 section 13.1.1). A service checks it on the locked row, before it writes. */
export class Precondition {
  readonly #tags: readonly string[] | null

  /** @throws DomainError `invalid_parameter` for what is no list of entity tags */
  constructor(header: string | undefined) {
    this.#tags = header === undefined || header.trim() === '*' ? null : readTags(header)
  }

  /**
   * For what has no version, and so no entity tag that could match.
   * @throws DomainError `precondition_failed` unless it is `*`, or was not sent
   */
  checkUnversioned(): void {
    if (this.#tags === null) return
    throw new DomainError('precondition_failed', 'What is written here has no ETag: send If-Match: *, or leave it out')
  }

  /** @throws DomainError `precondition_failed` when the object is at another version than the client has seen */
  check(version: number): void {
    if (this.#tags === null || this.#tags.includes(entityTag(version))) return
    throw new DomainError('precondition_failed', `The object is now at version ${version}; read it again`, {
      etag: entityTag(version),
    })
  }
}

function readTags(header: string): string[] {
  if (!/^\s*(?:W\/)?"[^"]*"\s*(?:,\s*(?:W\/)?"[^"]*"\s*)*$/.test(header)) {
    const message = 'If-Match must be *, or ETags as they were sent, such as "3"'
    throw new DomainError('invalid_parameter', message, { parameter: 'If-Match' })
  }
  return header.match(/(?:W\/)?"[^"]*"/g) ?? []
}

export const entityTag = (version: number): string => `"${version}"`

const documented: ParameterDecorator = (target, key) => {
  if (key === undefined) return
  const header = ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag that was read; 412 `precondition_failed` when the object has changed since',
    schema: { type: 'string', example: '*' },
  })
  header(target, key, Object.getOwnPropertyDescriptor(target, key) as PropertyDescriptor)
}

/** The factory of {@link IfMatch}, by which a route is known that reads its If-Match itself. */
export const readPrecondition = (_: unknown, context: ExecutionContext): Precondition =>
  new Precondition(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'])

/** The request's If-Match as a {@link Precondition}. */
export const IfMatch = createParamDecorator(readPrecondition, [documented])
