import { Get, Param } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { Tasks } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Requires } from '#platform'
import { Authorities } from '../../authorities.ts'
import { Versioned } from '../../routes.ts'
import { TaskStatus } from './tasks.dto.ts'
import { taskView } from './tasks.fields.ts'

@ApiTags('Task Management')
@Versioned('task-status')
export class TaskStatusController {
  readonly #tasks: Tasks

  constructor(tasks: Tasks) {
    this.#tasks = tasks
  }

  @Get(':id')
  @Requires('tasks:read', 'sources:read', 'access_profiles:read')
  @Authorities('ORG_ADMIN', 'ROLE_ADMIN', 'ROLE_SUBADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @ApiOperation({
    operationId: 'getTaskStatus',
    summary: 'Get what became of a task',
    description: 'What asks for a task is done at once, so it is over.',
  })
  @ApiOkResponse({ type: TaskStatus })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('task')) id: string): Promise<TaskStatus> {
    return this.#tasks.get(actor, id, taskView)
  }
}
