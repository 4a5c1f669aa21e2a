import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, IfMatch, Precondition, Requires, versionNumber, type JsonText } from '#platform'
import { NumberParam } from '../versions/number-param.ts'
import {
  PolicySchema,
  PolicySchemaVersion,
  PolicySchemaVersionPage,
  PolicySchemaVersionQuery,
  SaveSchema,
} from './schema.dto.ts'
import { SchemaService } from './schema.service.ts'

@ApiTags('Policies')
@Controller('v1/policies/schema')
export class SchemaController {
  readonly #service: SchemaService

  constructor(service: SchemaService) {
    this.#service = service
  }

  @Get()
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'getPolicySchema',
    summary: 'Get the schema of policies',
    description: 'What is built in together with what the tenant adds, and that alone.',
  })
  @ApiOkResponse({ type: PolicySchema })
  get(@CurrentActor() actor: Actor): Promise<PolicySchema> {
    return this.#service.get(actor)
  }

  @Put()
  @Requires('policies:write')
  @ApiOperation({
    operationId: 'putPolicySchema',
    summary: 'Add to the schema of policies',
    description:
      'Takes the place of what the tenant added before. What is built in stays as it is; attributes that are added to it are filled from the attributes of the object. 409 `invalid_state` when stored policies would no longer fit.',
  })
  @ApiOkResponse({ type: PolicySchema })
  save(
    @CurrentActor() actor: Actor,
    @Body() body: SaveSchema,
    @IfMatch() precondition: Precondition,
  ): Promise<PolicySchema> {
    return this.#service.save(actor, body, precondition)
  }

  @Get('versions')
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'listPolicySchemaVersions',
    summary: 'List the versions of the schema',
    description: 'Every addition of the tenant that was saved, latest first.',
  })
  @ApiOkResponse({ type: PolicySchemaVersionPage })
  versions(@CurrentActor() actor: Actor, @Query() query: PolicySchemaVersionQuery): Promise<JsonText> {
    return this.#service.versions(actor, query)
  }

  @Get('versions/:number')
  @Requires('policies:read')
  @ApiOperation({
    operationId: 'getPolicySchemaVersion',
    summary: 'Get a version of the schema',
    description: 'What the tenant added, as it was saved.',
  })
  @NumberParam()
  @ApiOkResponse({ type: PolicySchemaVersion })
  version(@CurrentActor() actor: Actor, @Param('number', versionNumber) number: number): Promise<PolicySchemaVersion> {
    return this.#service.version(actor, number)
  }
}
