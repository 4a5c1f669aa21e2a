import { applyDecorators } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { ApiBearerAuth, ApiHeader, ApiSecurity } from '@nestjs/swagger'
import type { Scope } from '#kernel'

/** Who may call a route. A route without it is not served at all. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'tenant'; readonly anyOf: readonly Scope[]; readonly bearerOnly: boolean }

export const routeAccess = Reflector.createDecorator<Access>()

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
