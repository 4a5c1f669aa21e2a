import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Put, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { IdentityPage } from '../identities/identities.dto.ts'
import { CreateGroup, Group, GroupPage, UpdateGroup } from './groups.dto.ts'
import { GroupMemberQuery, GroupQuery } from './groups.query.ts'
import { GroupsService } from './groups.service.ts'

@ApiTags('Groups')
@Controller('v1/groups')
export class GroupsController {
  readonly #service: GroupsService

  constructor(service: GroupsService) {
    this.#service = service
  }

  @Post()
  @Requires('groups:write')
  @ApiOperation({
    operationId: 'createGroup',
    summary: 'Create a group',
    description: 'Its members are added one by one, or imported.',
  })
  @ApiCreatedResponse({ type: Group })
  create(@CurrentActor() actor: Actor, @Body() body: CreateGroup): Promise<Group> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('groups:read')
  @ApiOperation({
    operationId: 'listGroups',
    summary: 'List groups',
    description: 'Newest first, or in the order of `sort`. Everything that is asked for must hold.',
  })
  @ApiOkResponse({ type: GroupPage })
  list(@CurrentActor() actor: Actor, @Query() query: GroupQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @Requires('groups:read')
  @ApiOperation({
    operationId: 'getGroup',
    summary: 'Get a group',
    description: 'With its version, which is also the ETag.',
  })
  @ApiOkResponse({ type: Group })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('group')) id: string): Promise<Group> {
    return this.#service.get(actor, id)
  }

  @Patch(':id')
  @Requires('groups:write')
  @ApiOperation({
    operationId: 'updateGroup',
    summary: 'Change a group',
    description:
      'What the body does not name stays; null clears a field that can be null. A body that changes nothing makes no new version.',
  })
  @ApiOkResponse({ type: Group })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @Body() body: UpdateGroup,
    @IfMatch() precondition: Precondition,
  ): Promise<Group> {
    return this.#service.update(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('groups:write')
  @ApiOperation({ operationId: 'deleteGroup', summary: 'Delete a group', description: 'Its memberships go with it.' })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, id, precondition)
  }

  @Get(':id/members')
  @Requires('groups:read')
  @ApiOperation({
    operationId: 'listGroupMembers',
    summary: 'List the members of a group',
    description: 'The identities, newest first, or in the order of `sort`.',
  })
  @ApiOkResponse({ type: IdentityPage })
  listMembers(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @Query() query: GroupMemberQuery,
  ): Promise<JsonText> {
    return this.#service.listMembers(actor, id, query)
  }

  @Put(':id/members/:identity_id')
  @HttpCode(204)
  @Requires('groups:write')
  @ApiOperation({
    operationId: 'addGroupMember',
    summary: 'Add a member to a group',
    description: 'Adding a member again changes nothing.',
  })
  @ApiNoContentResponse()
  addMember(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @Param('identity_id', objectId('identity')) identityId: string,
  ): Promise<void> {
    return this.#service.addMember(actor, id, identityId)
  }

  @Delete(':id/members/:identity_id')
  @HttpCode(204)
  @Requires('groups:write')
  @ApiOperation({
    operationId: 'removeGroupMember',
    summary: 'Remove a member from a group',
    description: '404 when it is not a member.',
  })
  @ApiNoContentResponse()
  removeMember(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @Param('identity_id', objectId('identity')) identityId: string,
  ): Promise<void> {
    return this.#service.removeMember(actor, id, identityId)
  }
}
