import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import {
  AccessProfile,
  AccessProfilePage,
  AccessProfileQuery,
  NewAccessProfile,
  ProfileEntitlementPage,
  ProfileEntitlementQuery,
  ProfileUsage,
  UpdateAccessProfile,
} from './access-profiles.dto.ts'
import { AccessProfilesService } from './access-profiles.service.ts'

@ApiTags('Access profiles')
@Controller('v1/access-profiles')
export class AccessProfilesController {
  readonly #service: AccessProfilesService

  constructor(service: AccessProfilesService) {
    this.#service = service
  }

  @Post()
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'createAccessProfile',
    summary: 'Create an access profile',
    description:
      'Access that belongs together: entitlements, and what it inherits from other profiles. Published at once, unless `publish` is false.',
  })
  @ApiCreatedResponse({ type: AccessProfile })
  create(@CurrentActor() actor: Actor, @Body() body: NewAccessProfile): Promise<AccessProfile> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'listAccessProfiles',
    summary: 'List access profiles',
    description:
      'Newest first, or in the order of `sort`, as their published versions have them. A sub-administrator sees those of the sources that it manages.',
  })
  @ApiOkResponse({ type: AccessProfilePage })
  list(@CurrentActor() actor: Actor, @Query() query: AccessProfileQuery): Promise<JsonText> {
    return this.#service.search(actor, query)
  }

  @Get(':id')
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'getAccessProfile',
    summary: 'Get an access profile',
    description: 'As its published version has it, with its version as an object, which is also the ETag.',
  })
  @ApiOkResponse({ type: AccessProfile })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('access_profile')) id: string): Promise<AccessProfile> {
    return this.#service.get(actor, id)
  }

  @Patch(':id')
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'updateAccessProfile',
    summary: 'Change an access profile',
    description:
      'What the body does not name stays; null clears a field that can be null. When it gives something else afterwards, that is published at once as a new version, and the grants of its members follow. A body that changes nothing makes no new version.',
  })
  @ApiOkResponse({ type: AccessProfile })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Body() body: UpdateAccessProfile,
    @IfMatch() precondition: Precondition,
  ): Promise<AccessProfile> {
    return this.#service.update(actor, id, body, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'deleteAccessProfile',
    summary: 'Delete an access profile',
    description:
      '409 `in_use` while other profiles inherit from it or it has members; `details.users` has the first 50 of them.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, id, precondition)
  }

  @Get(':id/entitlements')
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'listAccessProfileEntitlements',
    summary: 'List what an access profile gives',
    description:
      'Its own entitlements and those that it inherits, through running profiles at any depth, each once and with the profiles it comes from. Of a paused profile: what it would give if it ran.',
  })
  @ApiOkResponse({ type: ProfileEntitlementPage })
  entitlements(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Query() query: ProfileEntitlementQuery,
  ): Promise<JsonText> {
    return this.#service.entitlements(actor, id, query)
  }

  @Get(':id/usage')
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'getAccessProfileUsage',
    summary: 'Get what uses an access profile',
    description:
      'What keeps it from being deleted: the profiles that inherit from it, drafts included, and its members.',
  })
  @ApiOkResponse({ type: ProfileUsage })
  usage(@CurrentActor() actor: Actor, @Param('id', objectId('access_profile')) id: string): Promise<ProfileUsage> {
    return this.#service.usage(actor, id)
  }
}
