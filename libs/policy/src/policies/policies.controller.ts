import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { ForceQuery } from '../rules/rules.dto.ts'
import { CreatePolicy, Policy, PolicyCedar, PolicyPage, PolicyQuery, UpdatePolicy } from './policies.dto.ts'
import { PoliciesService } from './policies.service.ts'

@ApiTags('Policies')
@Controller('v1/policies')
export class PoliciesController {
  readonly #service: PoliciesService

  constructor(service: PoliciesService) {
    this.#service = service
  }

  @Post()
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'createPolicy',
    summary: 'Create a policy',
    description:
      'Its rules as fields, as Cedar texts, as JSON, or all in one `cedar_policy_set`. What does not fit the schema is refused, with its place and what would be right. It decides from the moment it is saved, in every process.',
  })
  @ApiCreatedResponse({ type: Policy })
  create(@CurrentActor() actor: Actor, @Body() body: CreatePolicy): Promise<Policy> {
    return this.#service.create(actor, body)
  }

  @Get()
  @Requires('policies:read')
  @ApiOperation({ operationId: 'listPolicies', summary: 'List policies', description: 'Newest first.' })
  @ApiOkResponse({ type: PolicyPage })
  list(@CurrentActor() actor: Actor, @Query() query: PolicyQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':id')
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'getPolicy',
    summary: 'Get a policy',
    description: 'With its version, which is also the ETag. Its rules stand at `/rules`.',
  })
  @ApiOkResponse({ type: Policy })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('policy')) id: string): Promise<Policy> {
    return this.#service.get(actor, id)
  }

  @Get(':id/cedar')
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'getPolicyCedar',
    summary: 'Get a policy as Cedar',
    description: "All its rules as one Cedar text, and as a policy set in Cedar's own JSON with templates and links.",
  })
  @ApiOkResponse({ type: PolicyCedar })
  cedar(@CurrentActor() actor: Actor, @Param('id', objectId('policy')) id: string): Promise<PolicyCedar> {
    return this.#service.cedar(actor, id)
  }

  @Patch(':id')
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'updatePolicy',
    summary: 'Change a policy',
    description:
      'What the body does not name stays; `rules` or `cedar_policy_set` take the place of all rules. Every save is a new version. 409 `invalid_state` when its own tests would fail, unless `force=true`.',
  })
  @ApiOkResponse({ type: Policy })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) id: string,
    @Body() body: UpdatePolicy,
    @Query() query: ForceQuery,
    @IfMatch() precondition: Precondition,
  ): Promise<Policy> {
    return this.#service.update(actor, id, body, query, precondition)
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'deletePolicy',
    summary: 'Delete a policy',
    description: 'With its rules, versions and tests; the audit log keeps what it was.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, id, precondition)
  }
}
