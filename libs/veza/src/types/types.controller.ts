import { Body, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { AccessProfileTypesService } from '#access-profiles'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { InEnumFormat, type EnumFormat } from '../enums.ts'
import { Empty, empty, page, value, values, type Value } from '../paging.ts'
import { UpdateMaskQuery } from '../profiles/profiles.dto.ts'
import { LifecycleManagement } from '../routes.ts'
import { CreateType, TypeQuery, TypeValue, TypeValues, UpdateType, type TypeView } from './types.dto.ts'
import { typeViews } from './types.fields.ts'
import { newType, typePatch } from './types.wire.ts'

const anyVersion = new Precondition(undefined)
const typeId = objectId('access_profile_type')

@ApiTags('Access profile types')
@LifecycleManagement('access_profiles_types')
export class TypesController {
  readonly #types: AccessProfileTypesService

  constructor(types: AccessProfileTypesService) {
    this.#types = types
  }

  @Get()
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'listAccessProfileTypes',
    summary: 'List access profile types',
    description: 'Newest first. Profile and Business Role are built in.',
  })
  @ApiOkResponse({ type: TypeValues })
  list(@CurrentActor() actor: Actor, @Query() query: TypeQuery, @InEnumFormat() format: EnumFormat): Promise<JsonText> {
    return values(this.#types.list(actor, page(query), typeViews[format]))
  }

  @Post()
  @HttpCode(200)
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'createAccessProfileType',
    summary: 'Create an access profile type',
    description: 'What the body does not allow is not allowed: a flag that is left out is false.',
  })
  @ApiOkResponse({ type: TypeValue })
  create(
    @CurrentActor() actor: Actor,
    @Body() body: CreateType,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<TypeView>> {
    return value(this.#types.create(actor, newType(body), typeViews[format]))
  }

  @Get(':id')
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'getAccessProfileType',
    summary: 'Get an access profile type',
    description: 'By its id.',
  })
  @ApiOkResponse({ type: TypeValue })
  get(
    @CurrentActor() actor: Actor,
    @Param('id', typeId) id: string,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<TypeView>> {
    return value(this.#types.get(actor, id, typeViews[format]))
  }

  @Patch(':id')
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'updateAccessProfileType',
    summary: 'Change an access profile type',
    description:
      'The fields that `update_mask` names, or those that the body has. Profiles keep what they give; the new rules hold for their next change.',
  })
  @ApiOkResponse({ type: TypeValue })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', typeId) id: string,
    @Query() { update_mask }: UpdateMaskQuery,
    @Body() body: UpdateType,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<TypeView>> {
    return value(this.#types.update(actor, id, typePatch(body, update_mask), anyVersion, typeViews[format]))
  }

  @Delete(':id')
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'deleteAccessProfileType',
    summary: 'Delete an access profile type',
    description: '409 while there are profiles of it, or types that name it; and for a built-in one.',
  })
  @ApiOkResponse({ type: Empty })
  remove(@CurrentActor() actor: Actor, @Param('id', typeId) id: string): Promise<Empty> {
    return empty(this.#types.remove(actor, id, anyVersion))
  }
}
