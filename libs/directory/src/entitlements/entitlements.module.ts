import { Module } from '@nestjs/common'
import { EntitlementsController } from './entitlements.controller.ts'
import { EntitlementsRepository } from './entitlements.repository.ts'
import { EntitlementsService } from './entitlements.service.ts'

@Module({
  controllers: [EntitlementsController],
  providers: [EntitlementsRepository, EntitlementsService],
  exports: [EntitlementsRepository, EntitlementsService],
})
export class EntitlementsModule {}
