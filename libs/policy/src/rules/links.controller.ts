import { Body, Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { CreatePolicyLink, PolicyLink, PolicyLinkPage, LinkQuery } from './links.dto.ts'
import { ForceQuery } from './rules.dto.ts'
import { RulesService } from './rules.service.ts'

@ApiTags('Policies')
@Controller('v1/policies/:id/rules/:rule_id/links')
export class LinksController {
  readonly #service: RulesService

  constructor(service: RulesService) {
    this.#service = service
  }

  @Post()
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'createPolicyLink',
    summary: 'Link a template',
    description: 'Fills each of its slots; from then on the link decides as a rule. The policy gets a new version.',
  })
  @ApiCreatedResponse({ type: PolicyLink })
  create(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('rule_id', objectId('rule')) ruleId: string,
    @Body() body: CreatePolicyLink,
    @Query() query: ForceQuery,
  ): Promise<PolicyLink> {
    return this.#service.createLink(actor, policyId, ruleId, body, query)
  }

  @Get()
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'listPolicyLinks',
    summary: 'List the links of a template',
    description: 'Newest first.',
  })
  @ApiOkResponse({ type: PolicyLinkPage })
  list(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('rule_id', objectId('rule')) ruleId: string,
    @Query() query: LinkQuery,
  ): Promise<JsonText> {
    return this.#service.links(actor, policyId, ruleId, query)
  }

  @Get(':link_id')
  @Requires('policies:read')
  @ApiOperation({ operationId: 'getPolicyLink', summary: 'Get a link', description: 'With what fills the slots.' })
  @ApiOkResponse({ type: PolicyLink })
  get(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('rule_id', objectId('rule')) ruleId: string,
    @Param('link_id', objectId('link')) id: string,
  ): Promise<PolicyLink> {
    return this.#service.link(actor, policyId, ruleId, id)
  }

  @Delete(':link_id')
  @HttpCode(204)
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'deletePolicyLink',
    summary: 'Unlink',
    description: 'The link decides no more; the template stays. The policy gets a new version.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('rule_id', objectId('rule')) ruleId: string,
    @Param('link_id', objectId('link')) id: string,
    @Query() query: ForceQuery,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.removeLink(actor, policyId, ruleId, id, query, precondition)
  }
}
