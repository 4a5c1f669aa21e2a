import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Operator, Post, Precondition, type JsonText } from '#platform'
import { CreatedTenant, CreateTenant, TenantPage, TenantView, UpdateTenant, TenantQuery } from './tenants.dto.ts'
import { TenantsService } from './tenants.service.ts'

@ApiTags('Tenants')
@Operator()
@Controller('v1/tenants')
export class TenantsController {
  readonly #service: TenantsService

  constructor(service: TenantsService) {
    this.#service = service
  }

  @Post()
  @ApiOperation({
    operationId: 'createTenant',
    summary: 'Create a tenant',
    description: 'Answers with its first API key, which carries every scope and is shown this once.',
  })
  @ApiCreatedResponse({ type: CreatedTenant })
  create(@CurrentActor() actor: Actor, @Body() body: CreateTenant): Promise<CreatedTenant> {
    return this.#service.create(actor, body)
  }

  @Get()
  @ApiOperation({
    operationId: 'listTenants',
    summary: 'List tenants',
    description: 'Newest first, or in the order of `sort`.',
  })
  @ApiOkResponse({ type: TenantPage })
  list(@CurrentActor() actor: Actor, @Query() query: TenantQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getTenant', summary: 'Get a tenant', description: 'A deleted tenant is not found.' })
  @ApiOkResponse({ type: TenantView })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('tenant')) id: string): Promise<TenantView> {
    return this.#service.get(actor, id)
  }

  @Patch(':id')
  @ApiOperation({
    operationId: 'updateTenant',
    summary: 'Change a tenant',
    description: 'Fields that are left out stay as they are. A body that changes nothing makes no new version.',
  })
  @ApiOkResponse({ type: TenantView })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('tenant')) id: string,
    @Body() body: UpdateTenant,
    @IfMatch() precondition: Precondition,
  ): Promise<TenantView> {
    return this.#service.update(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteTenant',
    summary: 'Delete a tenant',
    description: 'From then on none of its credentials is accepted. Its slug can be used again, its id cannot.',
  })
  @ApiNoContentResponse()
  delete(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('tenant')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.delete(actor, id, precondition)
  }
}
