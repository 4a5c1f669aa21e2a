import { Module } from '@nestjs/common'
import { OidcIssuersController } from './oidc-issuers.controller.ts'
import { OidcIssuersRepository } from './oidc-issuers.repository.ts'
import { OidcIssuersService } from './oidc-issuers.service.ts'

@Module({
  controllers: [OidcIssuersController],
  providers: [OidcIssuersService, OidcIssuersRepository],
  exports: [OidcIssuersService],
})
export class OidcIssuersModule {}
