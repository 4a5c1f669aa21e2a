import { Module } from '@nestjs/common'
import { OAuthClientsController } from './oauth-clients.controller.ts'
import { OAuthClientsRepository } from './oauth-clients.repository.ts'
import { OAuthClientsService } from './oauth-clients.service.ts'

@Module({
  controllers: [OAuthClientsController],
  providers: [OAuthClientsService, OAuthClientsRepository],
  exports: [OAuthClientsService],
})
export class OAuthClientsModule {}
