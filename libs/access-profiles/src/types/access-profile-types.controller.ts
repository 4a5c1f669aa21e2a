import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import {
  AccessProfileType,
  AccessProfileTypePage,
  AccessProfileTypeQuery,
  CreateAccessProfileType,
  UpdateAccessProfileType,
} from './access-profile-types.dto.ts'
import { AccessProfileTypesService } from './access-profile-types.service.ts'

@ApiTags('Access profile types')
@Controller('v1/access-profile-types')
export class AccessProfileTypesController {
  readonly #service: AccessProfileTypesService

  constructor(service: AccessProfileTypesService) {
    this.#service = service
  }

  @Post()
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'createAccessProfileType',
    summary: 'Create an access profile type',
    description: 'What profiles of the type may give, and how they begin. It holds for every change of such a profile.',
  })
  @ApiCreatedResponse({ type: AccessProfileType })
  create(@CurrentActor() actor: Actor, @Body() body: CreateAccessProfileType): Promise<AccessProfileType> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'listAccessProfileTypes',
    summary: 'List access profile types',
    description: 'Newest first. Every tenant has two built-in ones: Profile and Business Role.',
  })
  @ApiOkResponse({ type: AccessProfileTypePage })
  list(@CurrentActor() actor: Actor, @Query() query: AccessProfileTypeQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'getAccessProfileType',
    summary: 'Get an access profile type',
    description: 'With its version, which is also the ETag.',
  })
  @ApiOkResponse({ type: AccessProfileType })
  get(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile_type')) id: string,
  ): Promise<AccessProfileType> {
    return this.#service.get(actor, id)
  }

  @Patch(':id')
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'updateAccessProfileType',
    summary: 'Change an access profile type',
    description:
      'What the body does not name stays. Profiles keep what they give; the new rules hold for what they give from then on. 409 `invalid_state` for a built-in type.',
  })
  @ApiOkResponse({ type: AccessProfileType })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile_type')) id: string,
    @Body() body: UpdateAccessProfileType,
    @IfMatch() precondition: Precondition,
  ): Promise<AccessProfileType> {
    return this.#service.update(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'deleteAccessProfileType',
    summary: 'Delete an access profile type',
    description: '409 `in_use` while there are profiles of it, or types whose profiles inherit from such ones.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile_type')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, id, precondition)
  }
}
