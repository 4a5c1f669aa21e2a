import { Body, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { PersonalTokensService } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, Post, SignedIn, type JsonText } from '#platform'
import { listHeaders } from '../../headers.ts'
import { TakesJsonPatch } from '../../json-patch/index.ts'
import { pageRequest } from '../../paging.ts'
import { Versioned } from '../../routes.ts'
import {
  CreatePersonalAccessTokenRequest, CreatePersonalAccessTokenResponse, GetPersonalAccessTokenResponse,
  PersonalAccessTokenQuery,
} from './tokens.dto.ts' // prettier-ignore
import { answerOf, change, createdOf, limit, listOf, newToken, ownerIn, tokenId } from './tokens.wire.ts'

@ApiTags('Personal Access Tokens')
@Versioned('personal-access-tokens')
export class PersonalAccessTokensController {
  readonly #tokens: PersonalTokensService

  constructor(tokens: PersonalTokensService) {
    this.#tokens = tokens
  }

  @Get()
  @SignedIn('oauth_clients:own', 'oauth_clients:read_own', 'oauth_clients:read')
  @ApiOperation({
    operationId: 'listPersonalAccessTokens',
    summary: 'List personal access tokens',
    description: 'One’s own; those of others take the scope `oauth_clients:read`. Oldest first.',
  })
  @ApiOkResponse({ type: [GetPersonalAccessTokenResponse], headers: listHeaders })
  list(@CurrentActor() actor: Actor, @Query() query: PersonalAccessTokenQuery): Promise<JsonText> {
    return listOf(actor, this.#tokens.list(actor, ownerIn(actor, query), pageRequest(query)))
  }

  @Post()
  @HttpCode(200)
  @SignedIn('oauth_clients:own', 'oauth_clients:write')
  @ApiOperation({
    operationId: 'createPersonalAccessToken',
    summary: 'Make a personal access token',
    description: `For the person whose credential asks: it speaks for them, and can do no more than that credential. ${limit} Its id and its secret, which is shown this once, are \`client_id\` and \`client_secret\` of \`POST /oauth/token\`.`,
  })
  @ApiOkResponse({ type: CreatePersonalAccessTokenResponse })
  async create(
    @CurrentActor() actor: Actor,
    @Body() body: CreatePersonalAccessTokenRequest,
  ): Promise<CreatePersonalAccessTokenResponse> {
    return createdOf(actor.tenantId, await this.#tokens.create(actor, newToken(actor, body)))
  }

  @Patch(':id')
  @SignedIn('oauth_clients:own', 'oauth_clients:write')
  @TakesJsonPatch([{ op: 'replace', path: '/name', value: 'Weekly export' }])
  @ApiOperation({
    operationId: 'patchPersonalAccessToken',
    summary: 'Change a personal access token',
    description: 'One’s own, by a JSON Patch of name, scope, accessTokenValiditySeconds and expirationDate.',
  })
  @ApiOkResponse({ type: GetPersonalAccessTokenResponse })
  async update(
    @CurrentActor() actor: Actor,
    @Param('id', tokenId) id: string,
    @Body() operations: unknown,
  ): Promise<GetPersonalAccessTokenResponse> {
    return answerOf(actor.tenantId, await this.#tokens.update(actor, id, change(actor, operations)))
  }

  @Delete(':id')
  @HttpCode(204)
  @SignedIn('oauth_clients:own', 'oauth_clients:write')
  @ApiOperation({
    operationId: 'deletePersonalAccessToken',
    summary: 'Delete a personal access token',
    description: 'Its access tokens are refused from then on. Those of others take the scope `oauth_clients:write`.',
  })
  @ApiNoContentResponse()
  remove(@CurrentActor() actor: Actor, @Param('id', tokenId) id: string): Promise<void> {
    return this.#tokens.revoke(actor, id)
  }
}
