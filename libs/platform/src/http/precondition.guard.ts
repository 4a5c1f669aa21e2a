import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js'
import type { FastifyRequest } from 'fastify'
import { perRoute } from '../auth/access.ts'
import { readPrecondition } from './precondition.ts'

const conditional = ['PATCH', 'PUT', 'DELETE']

/** A lost update must not be made because its route has no version to compare: If-Match is then answered here. */
@Injectable()
export class PreconditionGuard implements CanActivate {
  readonly #readsItself = perRoute(readsItself)

  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<FastifyRequest>()
    if (headers['if-match'] !== undefined && conditional.includes(method) && !this.#readsItself(context))
      readPrecondition(undefined, context).checkUnversioned()
    return true
  }
}

function readsItself(context: ExecutionContext): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ??
    {}) as Record<string, { readonly factory?: unknown }>
  return Object.values(parameters).some(({ factory }) => factory === readPrecondition)
}
