import { Module } from '@nestjs/common'
import { ExpiryJob } from './expiry.job.ts'
import { GrantsController } from './grants.controller.ts'
import { GrantsRepository } from './grants.repository.ts'
import { GrantsService } from './grants.service.ts'

@Module({
  controllers: [GrantsController],
  providers: [GrantsService, GrantsRepository, ExpiryJob],
  exports: [GrantsService],
})
export class GrantsModule {}
