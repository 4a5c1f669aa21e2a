import { Controller, Get, HttpCode, Param, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, versionNumber, type JsonText } from '#platform'
import { Policy } from '../policies/policies.dto.ts'
import { ForceQuery } from '../rules/rules.dto.ts'
import { NumberParam } from './number-param.ts'
import {
  PolicyDifference,
  DifferenceQuery,
  PolicyVersion,
  PolicyVersionPage,
  PolicyVersionQuery,
} from './versions.dto.ts'
import { VersionsService } from './versions.service.ts'

@ApiTags('Policies')
@Controller('v1/policies/:id/versions')
export class VersionsController {
  readonly #service: VersionsService

  constructor(service: VersionsService) {
    this.#service = service
  }

  @Get()
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'listPolicyVersions',
    summary: 'List the versions of a policy',
    description: 'Every one that was saved, latest first.',
  })
  @ApiOkResponse({ type: PolicyVersionPage })
  list(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Query() query: PolicyVersionQuery,
  ): Promise<JsonText> {
    return this.#service.list(actor, policyId, query)
  }

  @Get(':number')
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'getPolicyVersion',
    summary: 'Get a version of a policy',
    description: 'The policy whole, with rules and links, as it was saved.',
  })
  @NumberParam(1)
  @ApiOkResponse({ type: PolicyVersion })
  get(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('number', versionNumber) number: number,
  ): Promise<PolicyVersion> {
    return this.#service.get(actor, policyId, number)
  }

  @Get(':number/difference')
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'getPolicyVersionDifference',
    summary: 'Compare two versions of a policy',
    description: 'Field by field and rule by rule, with the Cedar text before and after.',
  })
  @NumberParam(1)
  @ApiOkResponse({ type: PolicyDifference })
  difference(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('number', versionNumber) number: number,
    @Query() query: DifferenceQuery,
  ): Promise<PolicyDifference> {
    return this.#service.difference(actor, policyId, number, query)
  }

  @Post(':number/restoration')
  @HttpCode(200)
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'restorePolicyVersion',
    summary: 'Restore a version of a policy',
    description:
      'Saves the policy as it was then, as a new version; no version is lost. One that no longer fits the schema is refused.',
  })
  @NumberParam(1)
  @ApiOkResponse({ type: Policy })
  restore(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('number', versionNumber) number: number,
    @Query() query: ForceQuery,
    @IfMatch() precondition: Precondition,
  ): Promise<Policy> {
    return this.#service.restore(actor, policyId, number, query, precondition)
  }
}
