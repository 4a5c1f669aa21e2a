import { Body, Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import {
  CreateGrant,
  ExtendGrant,
  GrantPage,
  GrantQuery,
  GrantView,
  RevocationReport,
  RevokeGrant,
  RevokeGrants,
} from './grants.dto.ts'
import { GrantsService } from './grants.service.ts'

@ApiTags('Grants')
@Controller('v1/grants')
export class GrantsController {
  readonly #service: GrantsService

  constructor(service: GrantsService) {
    this.#service = service
  }

  @Get()
  @Requires('grants:read', 'grants:own')
  @ApiOperation({
    operationId: 'listGrants',
    summary: 'List grants',
    description:
      'Newest first, or in the order of `sort`. `status` is what holds at the moment of reading. With `grants:own` only, the grants of the signed-in person. Grants that have not begun are left out, unless the filter speaks of `state`: `state eq "scheduled"` lists them.',
  })
  @ApiOkResponse({ type: GrantPage })
  list(@CurrentActor() actor: Actor, @Query() query: GrantQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @Requires('grants:read', 'grants:write', 'grants:own')
  @ApiOperation({ operationId: 'getGrant', summary: 'Get a grant', description: 'With its timeline.' })
  @ApiOkResponse({ type: GrantView })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('grant')) id: string): Promise<GrantView> {
    return this.#service.get(actor, id)
  }

  @Post()
  @Requires('grants:write')
  @ApiOperation({
    operationId: 'createGrant',
    summary: 'Grant access by hand',
    description:
      'Without a request: `request_id` is null. Begins now or at `starts_at`, ends at `expires_at`, after `duration_seconds`, or never.',
  })
  @ApiCreatedResponse({ type: GrantView })
  create(@CurrentActor() actor: Actor, @Body() body: CreateGrant): Promise<GrantView> {
    return this.#service.create(actor, body)
  }

  @Post('revocations')
  @HttpCode(200)
  @Requires('grants:write')
  @ApiOperation({
    operationId: 'revokeGrants',
    summary: 'Revoke many grants',
    description:
      'By ids, or all open grants of a person, on a resource, or that a filter finds, at most 1,000 in a call; the answer tells the outcome of each. A filter finds what the list shows by it: grants that have not begun only if it speaks of `state`.',
  })
  @ApiOkResponse({ type: RevocationReport })
  revokeMany(@CurrentActor() actor: Actor, @Body() body: RevokeGrants): Promise<RevocationReport> {
    return this.#service.revokeMany(actor, body)
  }

  @Post(':id/extension')
  @HttpCode(200)
  @Requires('grants:write')
  @ApiOperation({
    operationId: 'extendGrant',
    summary: 'Extend an active grant',
    description:
      '409 `invalid_state` when it has ended, has no end, its limits are reached, it was extended 1,000 times, or its person is not active.',
  })
  @ApiOkResponse({ type: GrantView })
  extend(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('grant')) id: string,
    @Body() body: ExtendGrant,
    @IfMatch() precondition: Precondition,
  ): Promise<GrantView> {
    return this.#service.extend(actor, id, body, precondition)
  }

  @Post(':id/revocation')
  @HttpCode(200)
  @Requires('grants:write', 'grants:own')
  @ApiOperation({
    operationId: 'revokeGrant',
    summary: 'Revoke a grant',
    description:
      'Ends this grant and no other: access that another live grant covers goes on. 409 `invalid_state` when it has ended already.',
  })
  @ApiOkResponse({ type: GrantView })
  revoke(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('grant')) id: string,
    @Body() body: RevokeGrant,
    @IfMatch() precondition: Precondition,
  ): Promise<GrantView> {
    return this.#service.revoke(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('grants:write', 'grants:own')
  @ApiOperation({
    operationId: 'deleteGrant',
    summary: 'Revoke a grant',
    description: 'The same as its revocation with the reason `manual`. The grant stays readable.',
  })
  @ApiNoContentResponse()
  async delete(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('grant')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    await this.#service.revoke(actor, id, { reason: 'manual' }, precondition)
  }
}
