import { Module } from '@nestjs/common'
import { DirectoryModule } from '#directory'
import { ExpiryJob } from './expiry.job.ts'
import { GrantsController } from './grants.controller.ts'
import { GrantsImport } from './grants.import.ts'
import { GrantsRepository } from './grants.repository.ts'
import { GrantsService } from './grants.service.ts'

@Module({
  controllers: [GrantsController],
  imports: [DirectoryModule],
  providers: [GrantsService, GrantsRepository, GrantsImport, ExpiryJob],
  exports: [GrantsService],
})
export class GrantsModule {}
