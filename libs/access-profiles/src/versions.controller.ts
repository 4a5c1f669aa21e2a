import { Body, Controller, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, versionNumber, type JsonText } from '#platform'
import { AccessProfileVersion, CreateVersion, UpdateVersion, VersionPage, VersionQuery } from './versions.dto.ts'
import { VersionsService } from './versions.service.ts'

const NumberParam = (example?: number): MethodDecorator =>
  ApiParam({
    name: 'number',
    description: 'Which version',
    schema: { type: 'integer', minimum: 1, ...(example !== undefined && { example }) },
  })

@ApiTags('Access profiles')
@Controller('v1/access-profiles/:id/versions')
export class VersionsController {
  readonly #service: VersionsService

  constructor(service: VersionsService) {
    this.#service = service
  }

  @Post()
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'createAccessProfileVersion',
    summary: 'Draft a version of an access profile',
    description:
      'Begins with what the published version gives; the body says what is to be different. 409 `invalid_state` when there is a draft already.',
  })
  @ApiCreatedResponse({ type: AccessProfileVersion })
  createDraft(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Body() body: CreateVersion,
  ): Promise<AccessProfileVersion> {
    return this.#service.createDraft(actor, id, body)
  }

  @Get()
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'listAccessProfileVersions',
    summary: 'List the versions of an access profile',
    description: 'The highest number first: at most one draft, at most one published version, and the retired ones.',
  })
  @ApiOkResponse({ type: VersionPage })
  list(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Query() query: VersionQuery,
  ): Promise<JsonText> {
    return this.#service.list(actor, id, query)
  }

  @Get(':number')
  @Requires('access_profiles:read')
  @NumberParam(1)
  @ApiOperation({
    operationId: 'getAccessProfileVersion',
    summary: 'Get a version of an access profile',
    description: 'With its version as an object, which is also the ETag.',
  })
  @ApiOkResponse({ type: AccessProfileVersion })
  get(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Param('number', versionNumber) version: number,
  ): Promise<AccessProfileVersion> {
    return this.#service.get(actor, id, version)
  }

  @Patch(':number')
  @Requires('access_profiles:write')
  @NumberParam()
  @ApiOperation({
    operationId: 'updateAccessProfileVersion',
    summary: 'Change a draft',
    description:
      'What the body does not name stays. 409 `invalid_state` for a version that is published or retired: those never change.',
  })
  @ApiOkResponse({ type: AccessProfileVersion })
  updateDraft(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Param('number', versionNumber) version: number,
    @Body() body: UpdateVersion,
    @IfMatch() precondition: Precondition,
  ): Promise<AccessProfileVersion> {
    return this.#service.updateDraft(actor, id, version, body, precondition)
  }

  @Post(':number/publication')
  @HttpCode(200)
  @Requires('access_profiles:write')
  @NumberParam()
  @ApiOperation({
    operationId: 'publishAccessProfileVersion',
    summary: 'Publish a draft',
    description:
      'Retires the version published before, and gives the members what the new one gives, all at once. 409 `invalid_state` for what is no draft.',
  })
  @ApiOkResponse({ type: AccessProfileVersion })
  publish(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Param('number', versionNumber) version: number,
    @IfMatch() precondition: Precondition,
  ): Promise<AccessProfileVersion> {
    return this.#service.publish(actor, id, version, precondition)
  }

  @Post(':number/retirement')
  @HttpCode(200)
  @Requires('access_profiles:write')
  @NumberParam()
  @ApiOperation({
    operationId: 'retireAccessProfileVersion',
    summary: 'Retire a version',
    description:
      'Gives up a draft, or takes back the published version of a paused profile. 409 `invalid_state` while the profile runs.',
  })
  @ApiOkResponse({ type: AccessProfileVersion })
  retire(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Param('number', versionNumber) version: number,
    @IfMatch() precondition: Precondition,
  ): Promise<AccessProfileVersion> {
    return this.#service.retire(actor, id, version, precondition)
  }
}
