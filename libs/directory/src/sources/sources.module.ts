import { Module } from '@nestjs/common'
import { SourcesController } from './sources.controller.ts'
import { SourcesRepository } from './sources.repository.ts'
import { SourcesService } from './sources.service.ts'

@Module({
  controllers: [SourcesController],
  providers: [SourcesRepository, SourcesService],
  exports: [SourcesRepository, SourcesService],
})
export class SourcesModule {}
