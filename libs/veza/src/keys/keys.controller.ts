import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { ApiKeysService } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Post, Requires, type JsonText } from '#platform'
import { InEnumFormat, type EnumFormat } from '../enums.ts'
import { empty, Empty, page, value, values, type Value } from '../paging.ts'
import { UpdateMaskQuery } from '../profiles/profiles.dto.ts'
import { verb } from '../routes.ts'
import { CreateKey, Key, KeyQuery, KeyValue, KeyValues, UpdateKey } from './keys.dto.ts'
import { keyViews } from './keys.fields.ts'
import { newKey, newName, shownOnce } from './keys.wire.ts'

@ApiTags('API keys')
@Controller('api/preview/keys')
export class KeysController {
  readonly #service: ApiKeysService

  constructor(service: ApiKeysService) {
    this.#service = service
  }

  @Get()
  @Requires('api_keys:read')
  @ApiOperation({
    operationId: 'listKeys',
    summary: 'List API keys',
    description: "The tenant's keys, newest first, without those that were deleted.",
  })
  @ApiOkResponse({ type: KeyValues })
  list(@CurrentActor() actor: Actor, @Query() query: KeyQuery, @InEnumFormat() format: EnumFormat): Promise<JsonText> {
    return values(this.#service.listAs(actor, page(query), keyViews[format]))
  }

  @Post()
  @HttpCode(200)
  @Requires('api_keys:write')
  @ApiOperation({
    operationId: 'createKey',
    summary: 'Create an API key',
    description:
      'With the scopes of the credential that makes it, for the same person, until the same time. The key itself is shown this once.',
  })
  @ApiOkResponse({ type: KeyValue })
  create(
    @CurrentActor() actor: Actor,
    @Body() body: CreateKey,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<Key>> {
    return value(shownOnce(this.#service.create(actor, newKey(actor, body)), (id) => this.#view(actor, id, format)))
  }

  @Patch(':id')
  @Requires('api_keys:write')
  @ApiOperation({ operationId: 'updateKey', summary: 'Rename an API key', description: 'Nothing else of it changes.' })
  @ApiOkResponse({ type: KeyValue })
  rename(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('api_key')) id: string,
    @Query() { update_mask }: UpdateMaskQuery,
    @Body() body: UpdateKey,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<Key>> {
    const name = newName(body, update_mask)
    return value(this.#service.rename(actor, id, name).then(() => this.#view(actor, id, format)))
  }

  @Delete(':id')
  @Requires('api_keys:write')
  @ApiOperation({
    operationId: 'deleteKey',
    summary: 'Delete an API key',
    description: 'For good: it cannot be reinstated.',
  })
  @ApiOkResponse({ type: Empty })
  remove(@CurrentActor() actor: Actor, @Param('id', objectId('api_key')) id: string): Promise<Empty> {
    return empty(this.#service.revoke(actor, id))
  }

  @Post(verb('revoke'))
  @HttpCode(200)
  @Requires('api_keys:write')
  @ApiOperation({
    operationId: 'revokeKey',
    summary: 'Revoke an API key',
    description: 'It is refused from then on, by every process, until it is reinstated.',
  })
  @ApiOkResponse({ type: Empty })
  revoke(@CurrentActor() actor: Actor, @Param('id', objectId('api_key')) id: string): Promise<Empty> {
    return empty(this.#service.suspend(actor, id))
  }

  @Post(verb('reinstate'))
  @HttpCode(200)
  @Requires('api_keys:write')
  @ApiOperation({
    operationId: 'reinstateKey',
    summary: 'Reinstate a revoked API key',
    description:
      '403 for a credential that could not make a key with the same scopes, for the same person, for as long.',
  })
  @ApiOkResponse({ type: Empty })
  reinstate(@CurrentActor() actor: Actor, @Param('id', objectId('api_key')) id: string): Promise<Empty> {
    return empty(this.#service.reinstate(actor, id))
  }

  #view(actor: Actor, id: string, format: EnumFormat): Promise<Key> {
    return this.#service.getAs(actor, id, keyViews[format])
  }
}
