import { Module } from '@nestjs/common'
import { GroupsController } from './groups.controller.ts'
import { GroupsRepository } from './groups.repository.ts'
import { GroupsService } from './groups.service.ts'

@Module({
  controllers: [GroupsController],
  providers: [GroupsRepository, GroupsService],
  exports: [GroupsRepository, GroupsService],
})
export class GroupsModule {}
