import { Module } from '@nestjs/common'
import { IdentitiesModule } from '../identities/identities.module.ts'
import { TasksModule } from '../tasks/tasks.module.ts'
import { SourcesController } from './sources.controller.ts'
import { SourcesRepository } from './sources.repository.ts'
import { SourcesService } from './sources.service.ts'

@Module({
  imports: [IdentitiesModule, TasksModule],
  controllers: [SourcesController],
  providers: [SourcesRepository, SourcesService],
  exports: [SourcesRepository, SourcesService],
})
export class SourcesModule {}
