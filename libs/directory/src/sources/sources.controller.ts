import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { CreateSource, Source, SourcePage, UpdateSource } from './sources.dto.ts'
import { SourceQuery } from './sources.query.ts'
import { SourcesService } from './sources.service.ts'

@ApiTags('Sources')
@Controller('v1/sources')
export class SourcesController {
  readonly #service: SourcesService

  constructor(service: SourcesService) {
    this.#service = service
  }

  @Post()
  @Requires('sources:write')
  @ApiOperation({
    operationId: 'createSource',
    summary: 'Create a source',
    description: 'A system that gives access: an AWS organization, a GitHub organization, a directory.',
  })
  @ApiCreatedResponse({ type: Source })
  create(@CurrentActor() actor: Actor, @Body() body: CreateSource): Promise<Source> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('sources:read')
  @ApiOperation({
    operationId: 'listSources',
    summary: 'List sources',
    description: 'Newest first, or in the order of `sort`. Everything that is asked for must hold.',
  })
  @ApiOkResponse({ type: SourcePage })
  list(@CurrentActor() actor: Actor, @Query() query: SourceQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @Requires('sources:read')
  @ApiOperation({
    operationId: 'getSource',
    summary: 'Get a source',
    description: 'With its version, which is also the ETag.',
  })
  @ApiOkResponse({ type: Source })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('source')) id: string): Promise<Source> {
    return this.#service.get(actor, id)
  }

  @Patch(':id')
  @Requires('sources:write')
  @ApiOperation({
    operationId: 'updateSource',
    summary: 'Change a source',
    description:
      'What the body does not name stays; null clears a field that can be null. A body that changes nothing makes no new version.',
  })
  @ApiOkResponse({ type: Source })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('source')) id: string,
    @Body() body: UpdateSource,
    @IfMatch() precondition: Precondition,
  ): Promise<Source> {
    return this.#service.update(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('sources:write')
  @ApiOperation({
    operationId: 'deleteSource',
    summary: 'Delete a source',
    description: '409 `in_use` while it has entitlements.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('source')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, id, precondition)
  }
}
