import { applyDecorators, type ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { ApiBearerAuth, ApiHeader, ApiSecurity } from '@nestjs/swagger'
import type { Scope } from '#kernel'

/** Who may call a route. A route without it is not served at all. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'tenant'; readonly anyOf: readonly Scope[]; readonly bearerOnly: boolean }

export const routeAccess = Reflector.createDecorator<Access>()

/** What is said of a route never changes: it is worked out once for each handler of each class. */
export function perRoute<T>(read: (context: ExecutionContext) => T): (context: ExecutionContext) => T {
  const known = new WeakMap<object, WeakMap<object, { readonly said: T }>>()
  return (context) => {
    const type = context.getClass()
    const handler = context.getHandler()
    let ofType = known.get(type)
    if (!ofType) known.set(type, (ofType = new WeakMap()))
    let found = ofType.get(handler)
    if (!found) ofType.set(handler, (found = { said: read(context) }))
    return found.said
  }
}

/** Of the handler, or else of its class. */
export function accessOf(reflector: Reflector): (context: ExecutionContext) => Access | undefined {
  return perRoute((context) => reflector.getAllAndOverride(routeAccess, [context.getHandler(), context.getClass()]))
}

const tenantHeader = ApiHeader({
  name: 'X-Tenant-ID',
  required: true,
  description: "The tenant, which must be the credential's own; 403 `tenant_mismatch` otherwise",
  schema: { type: 'string', format: 'uuid', example: '2489e9ad-2ee2-8e00-8ec9-32d5f69181c0' },
})

/** No credential needed. */
export const Public = (): MethodDecorator & ClassDecorator => routeAccess({ kind: 'public' })

/** The operator's key only. */
export const Operator = (): MethodDecorator & ClassDecorator =>
  applyDecorators(routeAccess({ kind: 'operator' }), ApiSecurity('operator'))

/** A credential of the tenant that carries one of the scopes; any credential when none is named. */
export const Requires = (...anyOf: Scope[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    routeAccess({ kind: 'tenant', anyOf, bearerOnly: false }),
    ApiSecurity('api_key'),
    ApiBearerAuth('bearer'),
    tenantHeader,
  )

/** A signed-in person's token: routes that speak of "me" take Bearer only. */
export const SignedIn = (...anyOf: Scope[]): MethodDecorator & ClassDecorator =>
  applyDecorators(routeAccess({ kind: 'tenant', anyOf, bearerOnly: true }), ApiBearerAuth('bearer'), tenantHeader)
