import { Body, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import { AccessProfilesService } from '#access-profiles'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { InEnumFormat, type EnumFormat } from '../enums.ts'
import { Empty, empty, page, value, values, type Value } from '../paging.ts'
import { LifecycleManagement, verb } from '../routes.ts'
import { ProfileValue, ProfileValues, type ProfileView } from './answers.dto.ts'
import { EntitiesPipe, type Known } from './entities.pipe.ts'
import { CreateProfile, ProfileDetailQuery, ProfileQuery, UpdateMaskQuery, UpdateProfile } from './profiles.dto.ts'
import { detailedProfileViews, profileViews } from './profiles.fields.ts'
import { withEntities } from './page-entities.ts'
import { newProfile, profilePatch } from './profiles.wire.ts'

const anyVersion = new Precondition(undefined)
const profileId = objectId('access_profile')

@ApiTags('Access profiles')
@LifecycleManagement('access_profiles')
export class ProfilesController {
  readonly #profiles: AccessProfilesService

  constructor(profiles: AccessProfilesService) {
    this.#profiles = profiles
  }

  @Get()
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'listAccessProfiles',
    summary: 'List access profiles',
    description:
      'Newest first, each with its published version. In `filter`, `co` on an array asks whether it contains the value, `eq` whether the value is all that it contains.',
  })
  @ApiOkResponse({ type: ProfileValues })
  list(
    @CurrentActor() actor: Actor,
    @Query() query: ProfileQuery,
    @InEnumFormat() format: EnumFormat,
  ): Promise<JsonText> {
    return query.entity_extra_info
      ? withEntities(this.#profiles.list(actor, page(query), {}, detailedProfileViews[format]))
      : values(this.#profiles.list(actor, page(query), {}, profileViews[format]))
  }

  @Post()
  @HttpCode(200)
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'createAccessProfile',
    summary: 'Create an access profile',
    description:
      'Its first version is published at once, unless its type says that profiles begin as drafts. An entity that is no known entitlement is refused.',
  })
  @ApiOkResponse({ type: ProfileValue })
  create(
    @CurrentActor() actor: Actor,
    @Body(EntitiesPipe) body: CreateProfile,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<ProfileView>> {
    return value(this.#profiles.create(actor, newProfile(body as Known<CreateProfile>), detailedProfileViews[format]))
  }

  @Get(':id')
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'getAccessProfile',
    summary: 'Get an access profile',
    description: 'With its published version.',
  })
  @ApiOkResponse({ type: ProfileValue })
  get(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Query() { entity_extra_info }: ProfileDetailQuery,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<ProfileView>> {
    return value(this.#profiles.get(actor, id, (entity_extra_info ? detailedProfileViews : profileViews)[format]))
  }

  @Patch(':id')
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'updateAccessProfile',
    summary: 'Change an access profile',
    description:
      'The fields that `update_mask` names, or those that the body has. What it gives is changed on its version. `state` starts and pauses it.',
  })
  @ApiOkResponse({ type: ProfileValue })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Query() { update_mask }: UpdateMaskQuery,
    @Body() body: UpdateProfile,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<ProfileView>> {
    return value(
      this.#profiles.update<ProfileView>(
        actor,
        id,
        profilePatch(body, update_mask),
        anyVersion,
        detailedProfileViews[format],
      ),
    )
  }

  @Delete(':id')
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'deleteAccessProfile',
    summary: 'Delete an access profile',
    description: '409 while it has members, or other profiles inherit from it; `metadata` names them.',
  })
  @ApiOkResponse({ type: Empty })
  remove(@CurrentActor() actor: Actor, @Param('id', profileId) id: string): Promise<Empty> {
    return empty(this.#profiles.remove(actor, id, anyVersion))
  }

  @Post(verb('start'))
  @HttpCode(200)
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'startAccessProfile',
    summary: 'Start an access profile',
    description: 'Members get what its published version gives. 409 when none is published.',
  })
  @ApiOkResponse({ type: ProfileValue })
  start(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<ProfileView>> {
    return value(this.#profiles.update(actor, id, { state: 'running' }, anyVersion, detailedProfileViews[format]))
  }

  @Post(verb('pause'))
  @HttpCode(200)
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'pauseAccessProfile',
    summary: 'Pause an access profile',
    description: 'What members have by it ends, until it is started again.',
  })
  @ApiOkResponse({ type: ProfileValue })
  pause(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<ProfileView>> {
    return value(this.#profiles.update(actor, id, { state: 'paused' }, anyVersion, detailedProfileViews[format]))
  }
}
