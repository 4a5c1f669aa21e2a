import { applyDecorators, Injectable, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { ApiExtension } from '@nestjs/swagger'
import { DomainError, type Authority } from '#kernel'
import { currentContext } from '#platform'

const wanted = Reflector.createDecorator<readonly Authority[]>()

/** Lets in who is at least one of what the route asks for. The scopes are the platform's guard's, which runs before. */
@Injectable()
export class AuthorityGuard implements CanActivate {
  readonly #reflector: Reflector

  constructor(reflector: Reflector) {
    this.#reflector = reflector
  }

  canActivate(context: ExecutionContext): boolean {
    const anyOf = this.#reflector.get(wanted, context.getHandler())
    const own = currentContext()?.actor?.authorities
    if (anyOf.some((authority) => own?.has(authority))) return true
    throw new DomainError('forbidden', `This takes one of the authorities ${anyOf.join(', ')}`, {
      required_authorities: anyOf,
    })
  }
}

/**
 * Who may call a route beside `@Requires`, which asks for scopes: one of these user levels, `API` being a credential that
 * stands for nobody. Access needs both.
 */
export const Authorities = (...anyOf: readonly [Authority, ...Authority[]]): MethodDecorator =>
  applyDecorators(wanted(anyOf), UseGuards(AuthorityGuard), ApiExtension('x-sailpoint-userLevels', anyOf))
