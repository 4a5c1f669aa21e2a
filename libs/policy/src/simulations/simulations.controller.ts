import { Body, Controller, HttpCode } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, Post, Requires } from '#platform'
import { SimulatePolicies, Simulation } from './simulations.dto.ts'
import { SimulationsService } from './simulations.service.ts'

@ApiTags('Policies')
@Controller('v1/policies/simulations')
export class SimulationsController {
  readonly #service: SimulationsService

  constructor(service: SimulationsService) {
    this.#service = service
  }

  @Post()
  @HttpCode(200)
  @Requires('policies:write', 'policies:evaluate')
  @ApiOperation({
    operationId: 'simulatePolicies',
    summary: 'Try policies out before they are saved',
    description:
      'Puts recorded questions, or those of the body, to the live policies and to what they would be with the drafts of the body, and tells which answers would change and by which rules. Nothing is saved. The directory is asked as it is now. It tells rules and decisions, so it takes `policies:read` as well.',
  })
  @ApiOkResponse({ type: Simulation })
  simulate(@CurrentActor() actor: Actor, @Body() body: SimulatePolicies): Promise<Simulation> {
    return this.#service.simulate(actor, body)
  }
}
