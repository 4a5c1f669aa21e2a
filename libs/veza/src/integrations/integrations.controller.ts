import { Get, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger'
import { SourcesService } from '#directory'
import type { Actor } from '#kernel'
import { CurrentActor, Requires, type JsonText } from '#platform'
import { page, values, valuesOf, vezaQuery } from '../paging.ts'
import { LifecycleManagement } from '../routes.ts'
import { integrationFields, integrationView } from './integrations.fields.ts'

export class Integration {
  @ApiProperty({ type: String, format: 'uuid', description: 'The id of the datasource, for entities' })
  id!: string

  @ApiProperty({ type: String, description: 'The connector of the source, in capitals' })
  integration!: string

  @ApiProperty({ type: String })
  name!: string

  @ApiProperty({ type: String, description: 'Names the datasource as well; empty when it has none' })
  external_id!: string

  @ApiProperty({ type: Boolean, description: 'Whether it has entitlements that profiles can give' })
  enabled!: boolean

  @ApiProperty({ type: String, format: 'date-time' })
  created_at!: string

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at!: string
}

export class IntegrationValues extends valuesOf(Integration) {}
export class IntegrationQuery extends vezaQuery(integrationFields) {}

@ApiTags('Integrations')
@LifecycleManagement('integrations')
export class IntegrationsController {
  readonly #sources: SourcesService

  constructor(sources: SourcesService) {
    this.#sources = sources
  }

  @Get()
  @Requires('sources:read')
  @ApiOperation({
    operationId: 'listIntegrations',
    summary: 'List integrations',
    description: 'One for each datasource that there is; `filter=enabled eq true` names those that have entitlements.',
  })
  @ApiOkResponse({ type: IntegrationValues })
  list(@CurrentActor() actor: Actor, @Query() query: IntegrationQuery): Promise<JsonText> {
    return values(this.#sources.listAs(actor, page(query), integrationView))
  }
}
