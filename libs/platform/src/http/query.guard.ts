import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js'
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js'
import { Reflector } from '@nestjs/core'
import type { FastifyRequest } from 'fastify'
import { DomainError } from '#kernel'
import { accessOf, perRoute } from '../auth/access.ts'

/**
 * A query where none is taken is refused by name: a filter that is dropped in silence would widen what a request does.
 * What a route's own query class does not name, its check refuses. Public routes read what other standards let clients add.
 */
@Injectable()
export class QueryGuard implements CanActivate {
  readonly #open: (context: ExecutionContext) => boolean
  readonly #takesQuery = perRoute(takesQuery)

  constructor(reflector: Reflector) {
    const access = accessOf(reflector)
    this.#open = (context) => access(context)?.kind === 'public'
  }

  canActivate(context: ExecutionContext): boolean {
    const names = Object.keys(context.switchToHttp().getRequest<FastifyRequest>().query as object)
    if (names.length === 0) return true
    if (this.#open(context)) return true
    // The classes' check never sees it: it is no name for a property of an object.
    const unknown = names.includes('__proto__') ? '__proto__' : this.#takesQuery(context) ? undefined : names[0]
    if (unknown === undefined) return true
    const message = `${unknown.slice(0, 64)} is not known here`
    throw new DomainError('invalid_parameter', message, {
      fields: [{ field: unknown.slice(0, 64), message, reason: 'unknown_field' }],
    })
  }
}

function takesQuery(context: ExecutionContext): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ??
    {}) as object
  return Object.keys(parameters).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`))
}
