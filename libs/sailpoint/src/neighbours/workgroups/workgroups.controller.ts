import { Body, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import { ConnectionsService } from '#access-profiles'
import { GroupsService } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { Authorities } from '../../authorities.ts'
import { listHeaders, versionHeader } from '../../headers.ts'
import { TakesJsonPatch } from '../../json-patch/index.ts'
import { list, pageRequest, shortPage } from '../../paging.ts'
import { Versioned } from '../../routes.ts'
import { memberView } from '../identities/identities.fields.ts'
import {
  WorkgroupBulkDeleteRequest, WorkgroupConnectionDto, WorkgroupConnectionQuery, WorkgroupDto, WorkgroupItem,
  WorkgroupMember, WorkgroupMemberQuery, WorkgroupQuery,
} from './workgroups.dto.ts' // prettier-ignore
import { connectionView, workgroupView } from './workgroups.fields.ts'
import { additions, change, deletions, memberIds, newGroup, removals, storedIds } from './workgroups.wire.ts'

const members = ApiBody({
  schema: {
    type: 'array',
    maxItems: 500,
    items: {
      type: 'object',
      required: ['id'],
      properties: {
        type: { type: 'string', enum: ['IDENTITY'], description: 'Always IDENTITY' },
        id: { type: 'string', description: 'The identity' },
        name: { type: 'string', description: 'Its name; nothing is done with it' },
      },
    },
    example: [{ type: 'IDENTITY', id: '019a0000000070008000000000000001' }],
  },
})

@ApiTags('Governance Groups')
@Versioned('workgroups')
export class WorkgroupsController {
  readonly #groups: GroupsService
  readonly #connections: ConnectionsService

  constructor(groups: GroupsService, connections: ConnectionsService) {
    this.#groups = groups
    this.#connections = connections
  }

  @Get()
  @Requires('groups:read')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({
    operationId: 'listWorkgroups',
    summary: 'List governance groups',
    description: 'Oldest first, unless sorted.',
  })
  @ApiOkResponse({ type: [WorkgroupDto], headers: listHeaders })
  list(@CurrentActor() actor: Actor, @Query() query: WorkgroupQuery): Promise<JsonText> {
    return list(this.#groups.listByOffset(actor, pageRequest(query), workgroupView))
  }

  @Post()
  @HttpCode(200)
  @Requires('groups:write')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({
    operationId: 'createWorkgroup',
    summary: 'Create a governance group',
    description: 'Its members are added afterwards.',
  })
  @ApiOkResponse({ type: WorkgroupDto, headers: versionHeader })
  create(@CurrentActor() actor: Actor, @Body() body: WorkgroupDto): Promise<JsonText> {
    return this.#groups.create(actor, newGroup(body), workgroupView)
  }

  @Post('bulk-delete')
  @HttpCode(207)
  @Requires('groups:write')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({
    operationId: 'deleteWorkgroupsInBulk',
    summary: 'Delete many governance groups',
    description: 'At most 100, each for itself: those in use stay, and the answer says so.',
  })
  @ApiResponse({ status: 207, type: [WorkgroupItem], description: 'What became of each' })
  async removeMany(
    @CurrentActor() actor: Actor,
    @Body() { ids }: WorkgroupBulkDeleteRequest,
  ): Promise<WorkgroupItem[]> {
    return deletions(ids, await this.#groups.removeMany(actor, ids))
  }

  @Get(':id')
  @Requires('groups:read')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({
    operationId: 'getWorkgroup',
    summary: 'Get a governance group',
    description: 'With its version as ETag.',
  })
  @ApiOkResponse({ type: WorkgroupDto, headers: versionHeader })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('group')) id: string): Promise<JsonText> {
    return this.#groups.get(actor, id, workgroupView)
  }

  @Patch(':id')
  @Requires('groups:write')
  @Authorities('ORG_ADMIN', 'API')
  @TakesJsonPatch([{ op: 'replace', path: '/description', value: 'They decide about databases' }])
  @ApiOperation({
    operationId: 'patchWorkgroup',
    summary: 'Change a governance group',
    description: 'By a JSON Patch of name, description and owner.',
  })
  @ApiOkResponse({ type: WorkgroupDto, headers: versionHeader })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @Body() operations: unknown,
    @IfMatch() precondition: Precondition,
  ): Promise<JsonText> {
    return this.#groups.update(actor, id, change(operations), precondition, workgroupView)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('groups:write')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({
    operationId: 'deleteWorkgroup',
    summary: 'Delete a governance group',
    description: 'Its memberships go with it. Refused while it is connected to something.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#groups.remove(actor, id, precondition)
  }

  @Get(':id/members')
  @Requires('groups:read')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({
    operationId: 'listWorkgroupMembers',
    summary: 'List the members of a governance group',
    description: 'At most 50 at once; oldest identity first, unless sorted.',
  })
  @ApiOkResponse({ type: [WorkgroupMember], headers: listHeaders })
  members(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @Query() query: WorkgroupMemberQuery,
  ): Promise<JsonText> {
    return list(this.#groups.listMembersByOffset(actor, id, pageRequest(query, shortPage), memberView))
  }

  @Post(':id/members/bulk-add')
  @HttpCode(207)
  @Requires('groups:write')
  @Authorities('ORG_ADMIN', 'API')
  @members
  @ApiOperation({
    operationId: 'updateWorkgroupMembers',
    summary: 'Add members to a governance group',
    description: 'At most 500, each for itself: 201, 404 for nobody, 409 for a member.',
  })
  @ApiResponse({ status: 207, type: [WorkgroupItem], description: 'What became of each' })
  async addMembers(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @Body() body: unknown,
  ): Promise<WorkgroupItem[]> {
    const ids = memberIds(body)
    return additions(ids, await this.#groups.addMembers(actor, id, storedIds(ids)))
  }

  @Post(':id/members/bulk-delete')
  @HttpCode(207)
  @Requires('groups:write')
  @Authorities('ORG_ADMIN', 'API')
  @members
  @ApiOperation({
    operationId: 'deleteWorkgroupMembers',
    summary: 'Remove members from a governance group',
    description: 'At most 500, each for itself: 204, 404 for who is no member.',
  })
  @ApiResponse({ status: 207, type: [WorkgroupItem], description: 'What became of each' })
  async removeMembers(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @Body() body: unknown,
  ): Promise<WorkgroupItem[]> {
    const ids = memberIds(body)
    return removals(ids, await this.#groups.removeMembers(actor, id, storedIds(ids)))
  }

  @Get(':id/connections')
  @Requires('groups:read')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({
    operationId: 'listConnections',
    summary: 'List what a governance group is connected to',
    description: 'The sources that it administers, the access profiles and roles that it owns or decides about.',
  })
  @ApiOkResponse({ type: [WorkgroupConnectionDto], headers: listHeaders })
  connections(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('group')) id: string,
    @Query() query: WorkgroupConnectionQuery,
  ): Promise<JsonText> {
    return list(this.#connections.listByOffset(actor, id, pageRequest(query, shortPage), connectionView))
  }
}
