import { Body, Get, HttpCode, Param, Patch, Put, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger'
import { MembersService, VersionsService } from '#access-profiles'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Post, Precondition, Requires, versionNumber, type JsonText } from '#platform'
import { InEnumFormat, type EnumFormat } from '../enums.ts'
import { page, PageOfValuesQuery, value, values, type Value } from '../paging.ts'
import { LifecycleManagement } from '../routes.ts'
import { MembersUpdated, MemberValues, VersionValue, VersionValues, type VersionView } from './answers.dto.ts'
import { EntitiesPipe, type Known } from './entities.pipe.ts'
import { UpdateMaskQuery } from './profiles.dto.ts'
import { versionChange, versionContents } from './profiles.wire.ts'
import { memberViews, versionViews } from './version.fields.ts'
import { CreateVersionBody, UpdateMembers, UpdateVersionBody } from './versions.dto.ts'

const profileId = objectId('access_profile')
const anyVersion = new Precondition(undefined)
const NumberParam = ApiParam({
  name: 'number',
  schema: { type: 'integer', minimum: 1 },
  description: 'Which version',
})
const numbered = (name: string): string => `:number(^[^:]+)::${name}`

/** Versions of a profile, and its members, which stand under a version here. */
@ApiTags('Access profile versions')
@LifecycleManagement('access_profiles/:id/versions')
export class VersionsController {
  readonly #versions: VersionsService
  readonly #members: MembersService

  constructor(versions: VersionsService, members: MembersService) {
    this.#versions = versions
    this.#members = members
  }

  @Get()
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'listAccessProfileVersions',
    summary: 'List the versions of an access profile',
    description: 'The highest number first: at most one draft, at most one published version, and the retired ones.',
  })
  @ApiOkResponse({ type: VersionValues })
  list(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Query() query: PageOfValuesQuery,
    @InEnumFormat() format: EnumFormat,
  ): Promise<JsonText> {
    return values(this.#versions.list(actor, id, page(query), versionViews[format]))
  }

  @Post()
  @HttpCode(200)
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'createAccessProfileVersion',
    summary: 'Draft a version of an access profile',
    description:
      'Begins with what the published version gives; the body says what is to be different. 409 when there is a draft.',
  })
  @ApiOkResponse({ type: VersionValue })
  create(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Body(EntitiesPipe) body: CreateVersionBody,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<VersionView>> {
    const contents = versionContents(body as Known<CreateVersionBody>)
    return value(this.#versions.createDraft(actor, id, contents, versionViews[format]))
  }

  @Get(':number')
  @NumberParam
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'getAccessProfileVersion',
    summary: 'Get a version of an access profile',
    description: 'Drafts and retired versions as well.',
  })
  @ApiOkResponse({ type: VersionValue })
  get(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Param('number', versionNumber) version: number,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<VersionView>> {
    return value(this.#versions.get(actor, id, version, versionViews[format]))
  }

  @Patch(':number')
  @NumberParam
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'updateAccessProfileVersion',
    summary: 'Change what a version gives, publish it, or retire it',
    description:
      'A draft is changed itself. A published version never is: other contents become a draft with the next number, which the answer shows. `state` PUBLISHED publishes it in the same step. 409 for a retired version, when there is another draft, and for `state` PUBLISHED alone when it is published already: of several at once one publishes it.',
  })
  @ApiOkResponse({ type: VersionValue })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Param('number', versionNumber) version: number,
    @Query() { update_mask }: UpdateMaskQuery,
    @Body(EntitiesPipe) body: UpdateVersionBody,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<VersionView>> {
    const change = versionChange(body as Known<UpdateVersionBody>, update_mask)
    return value(this.#versions.change(actor, id, version, change, versionViews[format]))
  }

  @Post(numbered('publish'))
  @HttpCode(200)
  @NumberParam
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'publishAccessProfileVersion',
    summary: 'Publish a draft',
    description:
      'The version published before is retired in the same step. Of several at once one does it, the others get 409.',
  })
  @ApiOkResponse({ type: VersionValue })
  publish(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Param('number', versionNumber) version: number,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<VersionView>> {
    return value(this.#versions.publish(actor, id, version, anyVersion, versionViews[format]))
  }

  @Post(numbered('retire'))
  @HttpCode(200)
  @NumberParam
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'retireAccessProfileVersion',
    summary: 'Retire a version',
    description:
      'A draft is given up; of a paused profile, the published version is taken back. 409 for that of a running one.',
  })
  @ApiOkResponse({ type: VersionValue })
  retire(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Param('number', versionNumber) version: number,
    @InEnumFormat() format: EnumFormat,
  ): Promise<Value<VersionView>> {
    return value(this.#versions.retire(actor, id, version, anyVersion, versionViews[format]))
  }

  @Get(':number/members')
  @NumberParam
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'listAccessProfileMembers',
    summary: 'List the members of an access profile',
    description: 'The newest first. Members are the same whatever version is named.',
  })
  @ApiOkResponse({ type: MemberValues })
  async members(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Param('number', versionNumber) version: number,
    @Query() query: PageOfValuesQuery,
    @InEnumFormat() format: EnumFormat,
  ): Promise<JsonText> {
    await this.#versions.see(actor, id, version)
    return values(this.#members.list(actor, id, page(query), memberViews[format]))
  }

  @Put(':number/members')
  @NumberParam
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'updateAccessProfileMembers',
    summary: 'Add or remove members',
    description:
      'All of them or none: 400 names who is unknown or not active. Adding a member again, or removing who is none, changes nothing. What they get begins and ends at once, if the profile runs.',
  })
  @ApiOkResponse({ type: MembersUpdated })
  async updateMembers(
    @CurrentActor() actor: Actor,
    @Param('id', profileId) id: string,
    @Param('number', versionNumber) version: number,
    @Body() { type, identity_ids }: UpdateMembers,
  ): Promise<MembersUpdated> {
    await this.#versions.see(actor, id, version)
    await (type === 'ADD'
      ? this.#members.addAll(actor, id, identity_ids)
      : this.#members.removeMany(actor, id, identity_ids))
    return { access_request_id: '', access_request_error_message: '' }
  }
}
