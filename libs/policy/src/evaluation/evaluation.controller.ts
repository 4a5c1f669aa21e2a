import { Body, Controller, HttpCode } from '@nestjs/common'
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, Post, Requires, TakesNul } from '#platform'
import { EvaluatePolicies, Evaluation, EvaluationBatch, EvaluationFailure } from './evaluation.dto.ts'
import { EvaluationService } from './evaluation.service.ts'
import { ValidatePolicies, PolicyValidation } from './validation.dto.ts'
import { ValidationService } from './validation.service.ts'

@ApiTags('Policies')
@ApiExtraModels(Evaluation, EvaluationBatch, EvaluationFailure)
@Controller('v1/policies')
export class EvaluationController {
  readonly #evaluations: EvaluationService
  readonly #validations: ValidationService

  constructor(evaluations: EvaluationService, validations: ValidationService) {
    this.#evaluations = evaluations
    this.#validations = validations
  }

  @Post('evaluate')
  @HttpCode(200)
  @TakesNul()
  @Requires('policies:evaluate')
  @ApiOperation({
    operationId: 'evaluatePolicies',
    summary: 'Ask what policies decide',
    description:
      'Of the live policies: denied unless a rule permits, and when a rule errs; the decision is recorded. Of inline `policies`: as Cedar itself decides, where a policy that errs is skipped and reported. With `requests`, an answer or an error for each.',
  })
  @ApiOkResponse({
    schema: { anyOf: [{ $ref: getSchemaPath(Evaluation) }, { $ref: getSchemaPath(EvaluationBatch) }] },
  })
  evaluate(@CurrentActor() actor: Actor, @Body() body: EvaluatePolicies): Promise<Evaluation | EvaluationBatch> {
    return this.#evaluations.evaluate(actor, body)
  }

  @Post('validate')
  @HttpCode(200)
  @Requires('policies:write', 'policies:evaluate')
  @ApiOperation({
    operationId: 'validatePolicies',
    summary: 'Check policies without saving them',
    description:
      'Against the schema of the tenant, or one that is given; every error and warning with its place in the text and what would be right.',
  })
  @ApiOkResponse({ type: PolicyValidation })
  validate(@CurrentActor() actor: Actor, @Body() body: ValidatePolicies): Promise<PolicyValidation> {
    return this.#validations.validate(actor, body)
  }
}
