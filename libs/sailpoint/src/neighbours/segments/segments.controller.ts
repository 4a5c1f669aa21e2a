import { Body, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { SegmentsService } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { Authorities } from '../../authorities.ts'
import { listHeaders, versionHeader } from '../../headers.ts'
import { TakesJsonPatch } from '../../json-patch/index.ts'
import { CollectionQuery, list, pageRequest } from '../../paging.ts'
import { Versioned } from '../../routes.ts'
import { Segment } from './segments.dto.ts'
import { segmentView } from './segments.fields.ts'
import { change, newSegment } from './segments.wire.ts'

@ApiTags('Segments')
@Versioned('segments')
export class SailPointSegmentsController {
  readonly #segments: SegmentsService

  constructor(segments: SegmentsService) {
    this.#segments = segments
  }

  @Get()
  @Requires('segments:read')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({ operationId: 'listSegments', summary: 'List segments', description: 'Oldest first.' })
  @ApiOkResponse({ type: [Segment], headers: listHeaders })
  list(@CurrentActor() actor: Actor, @Query() query: CollectionQuery): Promise<JsonText> {
    return list(this.#segments.listByOffset(actor, pageRequest(query), segmentView))
  }

  @Post()
  @Requires('segments:write')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({
    operationId: 'createSegment',
    summary: 'Create a segment',
    description: 'What is in it says so itself: `segments` of an access profile or an entitlement.',
  })
  @ApiCreatedResponse({ type: Segment, headers: versionHeader })
  create(@CurrentActor() actor: Actor, @Body() body: Segment): Promise<JsonText> {
    return this.#segments.create(actor, newSegment(body), segmentView)
  }

  @Get(':id')
  @Requires('segments:read')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({ operationId: 'getSegment', summary: 'Get a segment', description: 'With its version as ETag.' })
  @ApiOkResponse({ type: Segment, headers: versionHeader })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('segment')) id: string): Promise<JsonText> {
    return this.#segments.get(actor, id, segmentView)
  }

  @Patch(':id')
  @Requires('segments:write')
  @Authorities('ORG_ADMIN', 'API')
  @TakesJsonPatch([{ op: 'replace', path: '/description', value: 'People of other companies' }])
  @ApiOperation({
    operationId: 'patchSegment',
    summary: 'Change a segment',
    description: 'By a JSON Patch of name, description, owner, visibilityCriteria and active.',
  })
  @ApiOkResponse({ type: Segment, headers: versionHeader })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('segment')) id: string,
    @Body() operations: unknown,
    @IfMatch() precondition: Precondition,
  ): Promise<JsonText> {
    return this.#segments.update(actor, id, change(operations), precondition, segmentView)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('segments:write')
  @Authorities('ORG_ADMIN', 'API')
  @ApiOperation({
    operationId: 'deleteSegment',
    summary: 'Delete a segment',
    description: 'Refused while something is in it: without its segment everybody would see that.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('segment')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#segments.remove(actor, id, precondition)
  }
}
