import { Module } from '@nestjs/common'
import { IdentitiesController } from './identities.controller.ts'
import { IdentitiesRepository } from './identities.repository.ts'
import { IdentitiesService } from './identities.service.ts'

@Module({
  controllers: [IdentitiesController],
  providers: [IdentitiesRepository, IdentitiesService],
  exports: [IdentitiesRepository, IdentitiesService],
})
export class IdentitiesModule {}
