import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { CreatePolicyRule, ForceQuery, PolicyRule, PolicyRulePage, RuleQuery, UpdatePolicyRule } from './rules.dto.ts'
import { RulesService } from './rules.service.ts'

@ApiTags('Policies')
@Controller('v1/policies/:id/rules')
export class RulesController {
  readonly #service: RulesService

  constructor(service: RulesService) {
    this.#service = service
  }

  @Post()
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'createPolicyRule',
    summary: 'Add a rule to a policy',
    description:
      'As Cedar text, as JSON, or as fields; the answer has it in all three forms. With `?principal` or `?resource` it is a template, which decides by its links. The policy gets a new version.',
  })
  @ApiCreatedResponse({ type: PolicyRule })
  create(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Body() body: CreatePolicyRule,
    @Query() query: ForceQuery,
  ): Promise<PolicyRule> {
    return this.#service.create(actor, policyId, body, query)
  }

  @Get()
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'listPolicyRules',
    summary: 'List the rules of a policy',
    description: 'In their order, templates among them.',
  })
  @ApiOkResponse({ type: PolicyRulePage })
  list(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Query() query: RuleQuery,
  ): Promise<JsonText> {
    return this.#service.list(actor, policyId, query)
  }

  @Get(':rule_id')
  @Requires('policies:read')
  @ApiOperation({ operationId: 'getPolicyRule', summary: 'Get a rule', description: 'In all its forms.' })
  @ApiOkResponse({ type: PolicyRule })
  get(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('rule_id', objectId('rule')) id: string,
  ): Promise<PolicyRule> {
    return this.#service.get(actor, policyId, id)
  }

  @Patch(':rule_id')
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'updatePolicyRule',
    summary: 'Change a rule',
    description:
      'What the body does not name stays; a text or JSON takes the place of the whole rule. The policy gets a new version.',
  })
  @ApiOkResponse({ type: PolicyRule })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('rule_id', objectId('rule')) id: string,
    @Body() body: UpdatePolicyRule,
    @Query() query: ForceQuery,
    @IfMatch() precondition: Precondition,
  ): Promise<PolicyRule> {
    return this.#service.update(actor, policyId, id, body, query, precondition)
  }

  @Delete(':rule_id')
  @HttpCode(204)
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'deletePolicyRule',
    summary: 'Take a rule out of its policy',
    description: '409 `in_use` for a template with links. The policy gets a new version.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('rule_id', objectId('rule')) id: string,
    @Query() query: ForceQuery,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, policyId, id, query, precondition)
  }
}
