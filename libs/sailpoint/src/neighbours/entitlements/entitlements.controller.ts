import { Body, Get, HttpCode, Param, Patch, Put, Query } from '@nestjs/common'
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { EntitlementsService } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { Authorities } from '../../authorities.ts'
import { listHeaders, versionHeader } from '../../headers.ts'
import { TakesJsonPatch } from '../../json-patch/index.ts'
import { list, pageRequest } from '../../paging.ts'
import { Versioned } from '../../routes.ts'
import { Entitlement } from './entitlement.dto.ts'
import { EntitlementBulkUpdateRequest, EntitlementQuery, EntitlementRequestConfig } from './entitlements.dto.ts'
import { entitlementProjection, requestConfigView } from './entitlements.fields.ts'
import { change, requestConfig, selection } from './entitlements.wire.ts'

@ApiTags('Entitlements')
@Versioned('entitlements')
export class SailPointEntitlementsController {
  readonly #entitlements: EntitlementsService

  constructor(entitlements: EntitlementsService) {
    this.#entitlements = entitlements
  }

  @Get()
  @Requires('entitlements:read')
  @ApiOperation({
    operationId: 'listEntitlements',
    summary: 'List entitlements',
    description: 'Oldest first, unless sorted. New ones are made through `/v1/entitlements` or imported.',
  })
  @ApiOkResponse({ type: [Entitlement], headers: listHeaders })
  list(@CurrentActor() actor: Actor, @Query() query: EntitlementQuery): Promise<JsonText> {
    return list(this.#entitlements.listFor(actor, pageRequest(query), selection(actor, query), entitlementProjection))
  }

  @Post('bulk-update')
  @HttpCode(204)
  @Requires('entitlements:write')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @ApiOperation({
    operationId: 'updateEntitlementsInBulk',
    summary: 'Change many entitlements',
    description: 'At most 50, all of them or none, each by the same JSON Patch.',
  })
  @ApiNoContentResponse()
  updateMany(@CurrentActor() actor: Actor, @Body() body: EntitlementBulkUpdateRequest): Promise<void> {
    return this.#entitlements.updateMany(actor, body.entitlementIds, change(body.jsonPatch), entitlementProjection)
  }

  @Get(':id')
  @Requires('entitlements:read')
  @ApiOperation({
    operationId: 'getEntitlement',
    summary: 'Get an entitlement',
    description: 'With its version as ETag.',
  })
  @ApiOkResponse({ type: Entitlement, headers: versionHeader })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('entitlement')) id: string): Promise<JsonText> {
    return this.#entitlements.get(actor, id, entitlementProjection)
  }

  @Patch(':id')
  @Requires('entitlements:write')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @TakesJsonPatch([{ op: 'replace', path: '/privileged', value: true }])
  @ApiOperation({
    operationId: 'patchEntitlement',
    summary: 'Change an entitlement',
    description:
      'By a JSON Patch of name, description, requestable, privileged, owner, segments and manuallyUpdatedFields.',
  })
  @ApiOkResponse({ type: Entitlement, headers: versionHeader })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('entitlement')) id: string,
    @Body() operations: unknown,
    @IfMatch() precondition: Precondition,
  ): Promise<JsonText> {
    return this.#entitlements.update(actor, id, change(operations), precondition, entitlementProjection)
  }

  @Get(':id/entitlement-request-config')
  @Requires('entitlements:read')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @ApiOperation({
    operationId: 'getEntitlementRequestConfig',
    summary: 'Get what asking for an entitlement takes',
    description: 'Nothing, when it was never said.',
  })
  @ApiOkResponse({ type: EntitlementRequestConfig, headers: versionHeader })
  requestConfig(@CurrentActor() actor: Actor, @Param('id', objectId('entitlement')) id: string): Promise<JsonText> {
    return this.#entitlements.get(actor, id, requestConfigView)
  }

  @Put(':id/entitlement-request-config')
  @Requires('entitlements:write')
  @Authorities('ORG_ADMIN', 'SOURCE_ADMIN', 'SOURCE_SUBADMIN', 'API')
  @ApiOperation({
    operationId: 'putEntitlementRequestConfig',
    summary: 'Say what asking for an entitlement takes',
    description: 'All of it: what the body does not say is not asked for.',
  })
  @ApiOkResponse({ type: EntitlementRequestConfig, headers: versionHeader })
  setRequestConfig(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('entitlement')) id: string,
    @Body() body: EntitlementRequestConfig,
    @IfMatch() precondition: Precondition,
  ): Promise<JsonText> {
    return this.#entitlements.update(actor, id, requestConfig(body), precondition, requestConfigView)
  }
}
