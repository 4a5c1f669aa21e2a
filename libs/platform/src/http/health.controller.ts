import { Controller, Get, Header } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger'
import { Public } from '../auth/access.ts'
import { Readiness } from './readiness.ts'

export class HealthView {
  @ApiProperty({ enum: ['ok'], example: 'ok', description: 'Whether it can answer' })
  status!: 'ok'
}

@ApiTags('Health')
@Controller()
export class HealthController {
  readonly #readiness: Readiness

  constructor(readiness: Readiness) {
    this.#readiness = readiness
  }

  @Get('healthz')
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'getHealth',
    summary: 'Is the process alive',
    description: 'Answers without looking at anything else.',
  })
  @ApiOkResponse({ type: HealthView })
  health(): HealthView {
    return { status: 'ok' }
  }

  @Get('readyz')
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Can it serve requests',
    description:
      'The database is reachable, policies can be evaluated, and the process is not stopping; 503 otherwise.',
  })
  @ApiOkResponse({ type: HealthView })
  async readiness(): Promise<HealthView> {
    return this.#readiness.check()
  }
}
