import { Global, Module } from '@nestjs/common'
import { ErrorRenderers } from '../http/error-renderers.ts'
import { Authenticator } from './authenticator.ts'
import { BearerGuard } from './bearer.guard.ts'
import { BearerService } from './bearer.service.ts'
import { BearerStrategy } from './bearer.strategy.ts'
import { CredentialsRepository } from './credentials.repository.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { OAuthController } from './oauth.controller.ts'
import { renderOAuthError } from './oauth-errors.ts'
import { OAuthService } from './oauth.service.ts'
import { PeopleRepository } from './people.repository.ts'
import { SigningKeysRepository } from './signing-keys.repository.ts'
import { SigningKeys } from './signing-keys.ts'
import { TokenService } from './token.service.ts'

/** Who asks: API keys, the server's own tokens, the tokens of tenants' identity providers. */
@Global()
@Module({
  controllers: [OAuthController],
  providers: [
    Authenticator,
    BearerGuard,
    BearerService,
    BearerStrategy,
    CredentialsRepository,
    IssuerKeys,
    OAuthService,
    PeopleRepository,
    SigningKeys,
    SigningKeysRepository,
    TokenService,
  ],
  exports: [Authenticator, SigningKeys, TokenService],
})
export class AuthModule {
  constructor(renderers: ErrorRenderers) {
    renderers.register('/oauth', renderOAuthError)
  }
}
