import { Body, Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Post, Requires, type JsonText } from '#platform'
import { ApiKeyPage, CreateApiKey, CreatedApiKey, ApiKeyQuery } from './api-keys.dto.ts'
import { ApiKeysService } from './api-keys.service.ts'

@ApiTags('Credentials')
@Controller('v1/api-keys')
export class ApiKeysController {
  readonly #service: ApiKeysService

  constructor(service: ApiKeysService) {
    this.#service = service
  }

  @Post()
  @Requires('api_keys:write')
  @ApiOperation({
    operationId: 'createApiKey',
    summary: 'Create an API key',
    description:
      'The key itself is shown this once. It can do no more than its maker (403 `forbidden`) and ends no later than the credential that makes it (400). It stands on its own: revoking its maker does not revoke it.',
  })
  @ApiCreatedResponse({ type: CreatedApiKey })
  create(@CurrentActor() actor: Actor, @Body() body: CreateApiKey): Promise<CreatedApiKey> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('api_keys:read')
  @ApiOperation({
    operationId: 'listApiKeys',
    summary: 'List API keys',
    description: 'Newest first, or in the order of `sort`; without those that were revoked.',
  })
  @ApiOkResponse({ type: ApiKeyPage })
  list(@CurrentActor() actor: Actor, @Query() query: ApiKeyQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('api_keys:write')
  @ApiOperation({
    operationId: 'revokeApiKey',
    summary: 'Revoke an API key',
    description:
      'It is refused from then on, by every process. What was made with it is not revoked: `created_by` in the lists tells what that is.',
  })
  @ApiNoContentResponse()
  revoke(@CurrentActor() actor: Actor, @Param('id', objectId('api_key')) id: string): Promise<void> {
    return this.#service.revoke(actor, id)
  }
}
