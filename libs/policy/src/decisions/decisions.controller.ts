import { Controller, Get, Param, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Requires, type JsonText } from '#platform'
import { PolicyDecisionPage, DecisionQuery, RecordedDecision } from './decisions.dto.ts'
import { RecordedDecisions } from './recorded-decisions.service.ts'

@ApiTags('Policies')
@Controller('v1/policies/decisions')
export class DecisionsController {
  readonly #service: RecordedDecisions

  constructor(service: RecordedDecisions) {
    this.#service = service
  }

  @Get()
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'listPolicyDecisions',
    summary: 'List decisions',
    description:
      'Newest first: who asked for what, what was decided, by which rules of which version of the set. The setting `DECISION_SAMPLE` says how many are recorded, `DECISION_RETENTION_DAYS` how long they are kept; of the decisions that make one list a few are.',
  })
  @ApiOkResponse({ type: PolicyDecisionPage })
  list(@CurrentActor() actor: Actor, @Query() query: DecisionQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get(':decision_id')
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'getPolicyDecision',
    summary: 'Get a decision',
    description: 'As it was made; a decision never changes.',
  })
  @ApiOkResponse({ type: RecordedDecision })
  get(@CurrentActor() actor: Actor, @Param('decision_id', objectId('decision')) id: string): Promise<RecordedDecision> {
    return this.#service.get(actor, id)
  }
}
