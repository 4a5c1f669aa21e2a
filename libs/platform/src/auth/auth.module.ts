import { Global, Module } from '@nestjs/common'
import { Authenticator } from './authenticator.ts'
import { CredentialsRepository } from './credentials.repository.ts'

/** Who asks: API keys, the server's own tokens, the tokens of tenants' identity providers. */
@Global()
@Module({
  providers: [Authenticator, CredentialsRepository],
  exports: [Authenticator],
})
export class AuthModule {}
