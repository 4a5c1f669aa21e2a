import { Injectable } from '@nestjs/common'
import { PassportStrategy } from '@nestjs/passport'
import type { KeyObject } from 'node:crypto'
import passport from 'passport'
import passportJwt from 'passport-jwt'
import { DomainError, type Actor } from '#kernel'
import { BearerService, type Voucher } from './bearer.service.ts'
import { clockSkew } from './own-issuer.ts'
import type { Claims } from './sign-ins.ts'
import { algorithms, InvalidToken } from './token-text.ts'

/** What passport sees of a request: the token, and what it finds out about it. */
export interface BearerRequest {
  readonly token: string
  readonly tenantId: string | null
  voucher?: Voucher
  user?: Actor
}

// jsonwebtoken takes a KeyObject, which the types of passport-jwt do not know.
type KeyCallback = (error: unknown, key?: KeyObject & string) => void

let strategies = 0

/** Every Bearer token, by passport-jwt: our own and those of tenants' identity providers. */
@Injectable()
export class BearerStrategy extends PassportStrategy(passportJwt.Strategy, 'bearer') {
  readonly #bearer: BearerService
  /** passport keeps one list of strategies for the process, and tests run several servers in one. */
  override readonly name = `bearer-${++strategies}`

  constructor(bearer: BearerService) {
    super({
      passReqToCallback: true,
      jwtFromRequest: ({ token }: BearerRequest) => token,
      secretOrKeyProvider: (request: BearerRequest, token: string, done: KeyCallback) => {
        bearer.keyFor(token, request.tenantId).then(
          ({ key, voucher }) => {
            request.voucher = voucher
            done(null, key as KeyObject & string)
          },
          (error: unknown) =>
            done(isExpected(error) ? error : new DomainError('internal', undefined, undefined, { cause: error })),
        )
      },
      algorithms: [...algorithms],
      ignoreExpiration: false,
      jsonWebTokenOptions: { clockTolerance: clockSkew },
    })
    this.#bearer = bearer
    passport.use(this.name, this)
  }

  /** Called with the claims of a token whose signature and times hold. */
  validate(request: BearerRequest, claims: Claims): Promise<Actor> {
    if (!request.voucher) throw new Error('A token is verified with the key of somebody who vouches for it')
    return this.#bearer.actor(request.voucher, claims, request.tenantId)
  }
}

/** Passport takes every error of the key's look-up for a refusal; a fault of ours must not pass for one. */
function isExpected(error: unknown): boolean {
  return error instanceof InvalidToken || error instanceof DomainError
}
