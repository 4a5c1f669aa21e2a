import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { CreateEntitlement, Entitlement, EntitlementPage, UpdateEntitlement } from './entitlements.dto.ts'
import { EntitlementQuery } from './entitlements.query.ts'
import { EntitlementsService } from './entitlements.service.ts'

@ApiTags('Entitlements')
@Controller('v1/entitlements')
export class EntitlementsController {
  readonly #service: EntitlementsService

  constructor(service: EntitlementsService) {
    this.#service = service
  }

  @Post()
  @Requires('entitlements:write')
  @ApiOperation({
    operationId: 'createEntitlement',
    summary: 'Create an entitlement',
    description:
      'One thing that a source can give. A `resource` and an `action` make it grantable; the id of the resource is checked against its type.',
  })
  @ApiCreatedResponse({ type: Entitlement })
  create(@CurrentActor() actor: Actor, @Body() body: CreateEntitlement): Promise<Entitlement> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('entitlements:read')
  @ApiOperation({
    operationId: 'listEntitlements',
    summary: 'List entitlements',
    description: 'Newest first, or in the order of `sort`. Everything that is asked for must hold.',
  })
  @ApiOkResponse({ type: EntitlementPage })
  list(@CurrentActor() actor: Actor, @Query() query: EntitlementQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @Requires('entitlements:read')
  @ApiOperation({
    operationId: 'getEntitlement',
    summary: 'Get an entitlement',
    description: 'With its version, which is also the ETag.',
  })
  @ApiOkResponse({ type: Entitlement })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('entitlement')) id: string): Promise<Entitlement> {
    return this.#service.get(actor, id)
  }

  @Patch(':id')
  @Requires('entitlements:write')
  @ApiOperation({
    operationId: 'updateEntitlement',
    summary: 'Change an entitlement',
    description:
      'What the body does not name stays; null clears a field that can be null. A body that changes nothing makes no new version. 409 `in_use` for another resource, action, `account_id` or `permission_set_name` while there are open grants of it.',
  })
  @ApiOkResponse({ type: Entitlement })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('entitlement')) id: string,
    @Body() body: UpdateEntitlement,
    @IfMatch() precondition: Precondition,
  ): Promise<Entitlement> {
    return this.#service.update(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('entitlements:write')
  @ApiOperation({
    operationId: 'deleteEntitlement',
    summary: 'Delete an entitlement',
    description: '409 `in_use` while there are grants of it, ended ones included.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('entitlement')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, id, precondition)
  }
}
