import { Body, Delete, Get, HttpCode, Param, Patch, Put, Query } from '@nestjs/common'
import { ApiAcceptedResponse, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { SourcesService } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { Authorities } from '../../authorities.ts'
import { listHeaders, versionHeader } from '../../headers.ts'
import { TakesJsonPatch } from '../../json-patch/index.ts'
import { list, pageRequest } from '../../paging.ts'
import { Versioned } from '../../routes.ts'
import { CreateSourceQuery, Source, SourceQuery, TaskReference } from './sources.dto.ts'
import { sourceView } from './sources.fields.ts'
import { change, newSource, replacement, subAdministratorIn, taskReference } from './sources.wire.ts'

@ApiTags('Sources')
@Versioned('sources')
export class SailPointSourcesController {
  readonly #sources: SourcesService

  constructor(sources: SourcesService) {
    this.#sources = sources
  }

  @Get()
  @Requires('sources:read')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'ROLE_SUBADMIN', 'API')
  @ApiOperation({ operationId: 'listSources', summary: 'List sources', description: 'Oldest first, unless sorted.' })
  @ApiOkResponse({ type: [Source], headers: listHeaders })
  list(@CurrentActor() actor: Actor, @Query() query: SourceQuery): Promise<JsonText> {
    return list(this.#sources.listFor(actor, pageRequest(query), subAdministratorIn(actor, query), sourceView))
  }

  @Post()
  @Requires('sources:write')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @ApiOperation({
    operationId: 'createSource',
    summary: 'Create a source',
    description: 'A sub-administrator names a management workgroup of which it is a member.',
  })
  @ApiCreatedResponse({ type: Source, headers: versionHeader })
  create(
    @CurrentActor() actor: Actor,
    @Query() { provisionAsCsv }: CreateSourceQuery,
    @Body() body: Source,
  ): Promise<JsonText> {
    return this.#sources.create(actor, newSource(body, provisionAsCsv), sourceView)
  }

  @Get(':id')
  @Requires('sources:read')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @ApiOperation({ operationId: 'getSource', summary: 'Get a source', description: 'With its version as ETag.' })
  @ApiOkResponse({ type: Source, headers: versionHeader })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('source')) id: string): Promise<JsonText> {
    return this.#sources.get(actor, id, sourceView)
  }

  @Put(':id')
  @Requires('sources:write')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @ApiOperation({
    operationId: 'putSource',
    summary: 'Replace a source',
    description:
      'What cannot be changed is as it was, or absent: id, type, authoritative, connector, connectorClass, passwordPolicies.',
  })
  @ApiOkResponse({ type: Source, headers: versionHeader })
  replace(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('source')) id: string,
    @Body() body: Source,
    @IfMatch() precondition: Precondition,
  ): Promise<JsonText> {
    return this.#sources.update(actor, id, replacement(body), precondition, sourceView)
  }

  @Patch(':id')
  @Requires('sources:write')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @TakesJsonPatch([{ op: 'replace', path: '/description', value: 'Everybody who is paid' }])
  @ApiOperation({
    operationId: 'updateSource',
    summary: 'Change a source',
    description:
      'By a JSON Patch. id, type, authoritative, created, modified, connector, connectorClass and passwordPolicies cannot be changed.',
  })
  @ApiOkResponse({ type: Source, headers: versionHeader })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('source')) id: string,
    @Body() operations: unknown,
    @IfMatch() precondition: Precondition,
  ): Promise<JsonText> {
    return this.#sources.update(actor, id, change(operations), precondition, sourceView)
  }

  @Delete(':id')
  @HttpCode(202)
  @Requires('sources:write')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @ApiOperation({
    operationId: 'deleteSource',
    summary: 'Delete a source',
    description: 'Its task is over when this answers. Refused while the source has entitlements.',
  })
  @ApiAcceptedResponse({ type: TaskReference })
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('source')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<TaskReference> {
    return this.#sources.removeAsTask(actor, id, precondition).then(taskReference)
  }
}
