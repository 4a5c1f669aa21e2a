import { Body, Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Post, Requires } from '#platform'
import { CreatedOAuthClient, CreateOAuthClient, OAuthClientPage, OAuthClientQuery } from './oauth-clients.dto.ts'
import { OAuthClientsService } from './oauth-clients.service.ts'

@ApiTags('Credentials')
@Controller('v1/oauth-clients')
export class OAuthClientsController {
  readonly #service: OAuthClientsService

  constructor(service: OAuthClientsService) {
    this.#service = service
  }

  @Post()
  @Requires('oauth_clients:write')
  @ApiOperation({
    operationId: 'createOAuthClient',
    summary: 'Create an OAuth client',
    description:
      'For the client-credentials grant of `POST /oauth/token`. The secret is shown this once. It can do no more than its maker (403 `forbidden`) and ends no later than the credential that makes it (400). It stands on its own: revoking its maker does not revoke it.',
  })
  @ApiCreatedResponse({ type: CreatedOAuthClient })
  create(@CurrentActor() actor: Actor, @Body() body: CreateOAuthClient): Promise<CreatedOAuthClient> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('oauth_clients:read')
  @ApiOperation({
    operationId: 'listOAuthClients',
    summary: 'List OAuth clients',
    description: 'Newest first, or in the order of `sort`; without those that were revoked.',
  })
  @ApiOkResponse({ type: OAuthClientPage })
  list(@CurrentActor() actor: Actor, @Query() query: OAuthClientQuery): Promise<OAuthClientPage> {
    return this.#service.list(actor, query)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('oauth_clients:write')
  @ApiOperation({
    operationId: 'revokeOAuthClient',
    summary: 'Revoke an OAuth client',
    description:
      'It gets no more tokens, and those that it has are refused from then on, by every process. What was made with it is not revoked: `created_by` in the lists tells what that is.',
  })
  @ApiNoContentResponse()
  revoke(@CurrentActor() actor: Actor, @Param('id', objectId('oauth_client')) id: string): Promise<void> {
    return this.#service.revoke(actor, id)
  }
}
