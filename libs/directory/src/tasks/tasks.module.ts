import { Module } from '@nestjs/common'
import { TasksRepository } from './tasks.repository.ts'
import { Tasks } from './tasks.service.ts'

@Module({ providers: [Tasks, TasksRepository], exports: [Tasks] })
export class TasksModule {}
