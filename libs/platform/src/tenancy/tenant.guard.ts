import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, may, operatorTenant, parseId, type Actor } from '#kernel'
import { accessOf, type Access } from '../auth/access.ts'
import { Authenticator } from '../auth/authenticator.ts'
import { RateLimit } from '../http/rate-limit.ts'
import { currentContext } from './context.ts'

/**
 * The one gate: who asks, for which tenant, how often, and whether the route lets them. The credential decides the
 * tenant, the X-Tenant-ID header only confirms it; the dialects' clients do not send it.
 */
@Injectable()
export class TenantGuard implements CanActivate {
  readonly #accessOf: (context: ExecutionContext) => Access | undefined
  readonly #authenticator: Authenticator
  readonly #rateLimit: RateLimit

  constructor(reflector: Reflector, authenticator: Authenticator, rateLimit: RateLimit) {
    this.#accessOf = accessOf(reflector)
    this.#authenticator = authenticator
    this.#rateLimit = rateLimit
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.#accessOf(context)
    const store = currentContext()
    if (!access || !store)
      throw new Error(`${context.getClass().name}.${context.getHandler().name} does not say who may call it`)
    if (access.kind === 'public') return true

    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const reply = context.switchToHttp().getResponse<FastifyReply>()
    const tenantHeader = readTenantHeader(request, access)
    const actor = await this.#rateLimit.guardFailures(request.ip, () =>
      this.#authenticator.authenticate(request, tenantHeader ?? null),
    )
    this.#rateLimit.spend(actor.tenantId + actor.id, reply)
    if (tenantHeader === undefined) throw new DomainError('invalid_tenant_id', undefined, { parameter: 'X-Tenant-ID' })
    if (tenantHeader !== null && tenantHeader !== actor.tenantId) throw new DomainError('tenant_mismatch')
    authorize(actor, access)

    store.actor = actor
    store.tenantId = actor.tenantId
    return true
  }
}

/** The tenant, null where none has to be named, undefined where one has to be and is not. */
function readTenantHeader(request: FastifyRequest, access: Access): string | null | undefined {
  const header = request.headers['x-tenant-id']
  if (access.kind === 'operator') return null
  // The route as it was registered: the address can be written in many ways.
  if (header === undefined && !request.routeOptions.url?.startsWith('/v1/')) return null
  return (typeof header === 'string' ? parseId(header) : null) ?? undefined
}

function authorize(actor: Actor, access: Access): void {
  if (access.kind === 'public') return
  if (access.kind === 'operator' || actor.tenantId === operatorTenant) {
    if (access.kind === 'operator' && actor.tenantId === operatorTenant) return
    const wanted =
      access.kind === 'operator' ? "This route takes the operator's key" : 'This route takes a credential of a tenant'
    throw new DomainError('forbidden', wanted)
  }
  if (access.bearerOnly && (actor.type === 'api_key' || actor.identityId === null)) {
    throw new DomainError(
      'forbidden',
      "This route speaks of the signed-in person and takes a person's Bearer token only",
    )
  }
  if (access.anyOf.length > 0 && !access.anyOf.some((scope) => may(actor, scope))) {
    throw new DomainError('forbidden', `The credential lacks the scope ${access.anyOf.join(' or ')}`, {
      required_scopes: access.anyOf,
    })
  }
}
