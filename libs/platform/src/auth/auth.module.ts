import { Global, Module } from '@nestjs/common'
import { Authenticator } from './authenticator.ts'
import { BearerGuard } from './bearer.guard.ts'
import { BearerService } from './bearer.service.ts'
import { BearerStrategy } from './bearer.strategy.ts'
import { CredentialsRepository } from './credentials.repository.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { PeopleRepository } from './people.repository.ts'
import { SigningKeysRepository } from './signing-keys.repository.ts'
import { SigningKeys } from './signing-keys.ts'
import { TokenService } from './token.service.ts'

/** Who asks: API keys, the server's own tokens, the tokens of tenants' identity providers. */
@Global()
@Module({
  providers: [
    Authenticator,
    BearerGuard,
    BearerService,
    BearerStrategy,
    CredentialsRepository,
    IssuerKeys,
    PeopleRepository,
    SigningKeys,
    SigningKeysRepository,
    TokenService,
  ],
  exports: [Authenticator, SigningKeys, TokenService],
})
export class AuthModule {}
