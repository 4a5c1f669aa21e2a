import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { CreateSegment, Segment, SegmentPage, UpdateSegment } from './segments.dto.ts'
import { SegmentQuery } from './segments.query.ts'
import { SegmentsService } from './segments.service.ts'

@ApiTags('Segments')
@Controller('v1/segments')
export class SegmentsController {
  readonly #service: SegmentsService

  constructor(service: SegmentsService) {
    this.#service = service
  }

  @Post()
  @Requires('segments:write')
  @ApiOperation({
    operationId: 'createSegment',
    summary: 'Create a segment',
    description: 'A part of the organization that decides what its members can see.',
  })
  @ApiCreatedResponse({ type: Segment })
  create(@CurrentActor() actor: Actor, @Body() body: CreateSegment): Promise<Segment> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('segments:read')
  @ApiOperation({
    operationId: 'listSegments',
    summary: 'List segments',
    description: 'Newest first, or in the order of `sort`. Everything that is asked for must hold.',
  })
  @ApiOkResponse({ type: SegmentPage })
  list(@CurrentActor() actor: Actor, @Query() query: SegmentQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @Requires('segments:read')
  @ApiOperation({
    operationId: 'getSegment',
    summary: 'Get a segment',
    description: 'With its version, which is also the ETag.',
  })
  @ApiOkResponse({ type: Segment })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('segment')) id: string): Promise<Segment> {
    return this.#service.get(actor, id)
  }

  @Patch(':id')
  @Requires('segments:write')
  @ApiOperation({
    operationId: 'updateSegment',
    summary: 'Change a segment',
    description:
      'What the body does not name stays; null clears a field that can be null. A body that changes nothing makes no new version.',
  })
  @ApiOkResponse({ type: Segment })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('segment')) id: string,
    @Body() body: UpdateSegment,
    @IfMatch() precondition: Precondition,
  ): Promise<Segment> {
    return this.#service.update(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('segments:write')
  @ApiOperation({
    operationId: 'deleteSegment',
    summary: 'Delete a segment',
    description: 'Its members then see what everybody sees.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('segment')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, id, precondition)
  }
}
