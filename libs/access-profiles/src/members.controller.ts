import { Body, Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common'
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Post, Requires, type JsonText } from '#platform'
import { AddMembers, MemberPage, MemberQuery, MembersReport } from './members.dto.ts'
import { MembersService } from './members.service.ts'

@ApiTags('Access profiles')
@Controller('v1/access-profiles/:id/members')
export class MembersController {
  readonly #service: MembersService

  constructor(service: MembersService) {
    this.#service = service
  }

  @Get()
  @Requires('access_profiles:read')
  @ApiOperation({
    operationId: 'listAccessProfileMembers',
    summary: 'List the members of an access profile',
    description: 'Newest first, or in the order of `sort`.',
  })
  @ApiOkResponse({ type: MemberPage })
  list(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Query() query: MemberQuery,
  ): Promise<JsonText> {
    return this.#service.list(actor, id, query)
  }

  @Post()
  @HttpCode(200)
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'addAccessProfileMembers',
    summary: 'Add members to an access profile',
    description:
      'Each gets a grant of every grantable entitlement that the running profile gives. The answer tells the outcome for each; adding a member again changes nothing.',
  })
  @ApiOkResponse({ type: MembersReport })
  add(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Body() body: AddMembers,
  ): Promise<MembersReport> {
    return this.#service.add(actor, id, body.identity_ids)
  }

  @Delete(':identity_id')
  @HttpCode(204)
  @Requires('access_profiles:write')
  @ApiOperation({
    operationId: 'removeAccessProfileMember',
    summary: 'Remove a member from an access profile',
    description: 'The grants that the membership gave are revoked. 404 when it is not a member.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('access_profile')) id: string,
    @Param('identity_id', objectId('identity')) identityId: string,
  ): Promise<void> {
    return this.#service.remove(actor, id, identityId)
  }
}
