import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { CreateIdentity, Identity, IdentityPage, UpdateIdentity } from './identities.dto.ts'
import { IdentityQuery } from './identities.query.ts'
import { IdentitiesService } from './identities.service.ts'

@ApiTags('Identities')
@Controller('v1/identities')
export class IdentitiesController {
  readonly #service: IdentitiesService

  constructor(service: IdentitiesService) {
    this.#service = service
  }

  @Post()
  @Requires('identities:write')
  @ApiOperation({
    operationId: 'createIdentity',
    summary: 'Create an identity',
    description: 'A person or a machine account that can hold access.',
  })
  @ApiCreatedResponse({ type: Identity })
  create(@CurrentActor() actor: Actor, @Body() body: CreateIdentity): Promise<Identity> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('identities:read')
  @ApiOperation({
    operationId: 'listIdentities',
    summary: 'List identities',
    description: 'Newest first, or in the order of `sort`. Everything that is asked for must hold.',
  })
  @ApiOkResponse({ type: IdentityPage })
  list(@CurrentActor() actor: Actor, @Query() query: IdentityQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @Requires('identities:read')
  @ApiOperation({
    operationId: 'getIdentity',
    summary: 'Get an identity',
    description: 'With its version, which is also the ETag.',
  })
  @ApiOkResponse({ type: Identity })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('identity')) id: string): Promise<Identity> {
    return this.#service.get(actor, id)
  }

  @Patch(':id')
  @Requires('identities:write')
  @ApiOperation({
    operationId: 'updateIdentity',
    summary: 'Change an identity',
    description:
      'What the body does not name stays; null clears a field that can be null. A body that changes nothing makes no new version. To change the `email` or `external_id` of who has not signed in yet also takes `grants:write`, and of a person the authority `ORG_ADMIN`, while an identity provider finds people by it (`identity_match`).',
  })
  @ApiOkResponse({ type: Identity })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('identity')) id: string,
    @Body() body: UpdateIdentity,
    @IfMatch() precondition: Precondition,
  ): Promise<Identity> {
    return this.#service.update(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('identities:write')
  @ApiOperation({
    operationId: 'deleteIdentity',
    summary: 'Delete an identity',
    description:
      '409 `in_use` while something refers to it: grants, reports, sources, segments, credentials. Set `lifecycle_state` to `inactive` instead. Memberships in groups go with it.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('identity')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, id, precondition)
  }
}
