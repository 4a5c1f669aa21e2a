import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common'
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, objectId, Post, Precondition, Requires, type JsonText } from '#platform'
import { CreatePolicyTest, PolicyTest, PolicyTestPage, TestQuery, TestResults, UpdatePolicyTest } from './tests.dto.ts'
import { TestsService } from './tests.service.ts'

@ApiTags('Policies')
@Controller('v1/policies/:id')
export class TestsController {
  readonly #service: TestsService

  constructor(service: TestsService) {
    this.#service = service
  }

  @Post('tests')
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'createPolicyTest',
    summary: 'Add a test to a policy',
    description:
      'A question and what the policy alone must decide. From then on a save of the policy that does not decide so is refused, unless it is forced.',
  })
  @ApiCreatedResponse({ type: PolicyTest })
  create(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Body() body: CreatePolicyTest,
  ): Promise<PolicyTest> {
    return this.#service.create(actor, policyId, body)
  }

  @Get('tests')
  @Requires('policies:read')
  @ApiOperation({ operationId: 'listPolicyTests', summary: 'List the tests of a policy', description: 'Newest first.' })
  @ApiOkResponse({ type: PolicyTestPage })
  list(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Query() query: TestQuery,
  ): Promise<JsonText> {
    return this.#service.list(actor, policyId, query)
  }

  @Get('test-results')
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'runPolicyTests',
    summary: 'Run the tests of a policy',
    description: 'What the policy as it stands decides in each of its tests.',
  })
  @ApiOkResponse({ type: TestResults })
  results(@CurrentActor() actor: Actor, @Param('id', objectId('policy')) policyId: string): Promise<TestResults> {
    return this.#service.results(actor, policyId)
  }

  @Get('tests/:test_id')
  @Requires('policies:read')
  @ApiOperation({ operationId: 'getPolicyTest', summary: 'Get a test', description: 'With its version, the ETag.' })
  @ApiOkResponse({ type: PolicyTest })
  get(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('test_id', objectId('policy_test')) id: string,
  ): Promise<PolicyTest> {
    return this.#service.get(actor, policyId, id)
  }

  @Patch('tests/:test_id')
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'updatePolicyTest',
    summary: 'Change a test',
    description: 'What the body does not name stays; a request takes the place of the whole request.',
  })
  @ApiOkResponse({ type: PolicyTest })
  update(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('test_id', objectId('policy_test')) id: string,
    @Body() body: UpdatePolicyTest,
    @IfMatch() precondition: Precondition,
  ): Promise<PolicyTest> {
    return this.#service.update(actor, policyId, id, body, precondition)
  }

  @Delete('tests/:test_id')
  @HttpCode(204)
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'deletePolicyTest',
    summary: 'Delete a test',
    description: 'The policy stays as it is.',
  })
  @ApiNoContentResponse()
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', objectId('policy')) policyId: string,
    @Param('test_id', objectId('policy_test')) id: string,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    return this.#service.remove(actor, policyId, id, precondition)
  }
}
