import { Module } from '@nestjs/common'
import { TasksModule } from '../tasks/tasks.module.ts'
import { SourcesController } from './sources.controller.ts'
import { SourcesRepository } from './sources.repository.ts'
import { SourcesService } from './sources.service.ts'

@Module({
  imports: [TasksModule],
  controllers: [SourcesController],
  providers: [SourcesRepository, SourcesService],
  exports: [SourcesRepository, SourcesService],
})
export class SourcesModule {}
