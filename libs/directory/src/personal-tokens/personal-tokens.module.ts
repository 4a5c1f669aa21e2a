import { Module } from '@nestjs/common'
import { OAuthClientsModule } from '../oauth-clients/oauth-clients.module.ts'
import { PersonalTokensRepository } from './personal-tokens.repository.ts'
import { PersonalTokensService } from './personal-tokens.service.ts'

@Module({
  imports: [OAuthClientsModule],
  providers: [PersonalTokensService, PersonalTokensRepository],
  exports: [PersonalTokensService],
})
export class PersonalTokensModule {}
