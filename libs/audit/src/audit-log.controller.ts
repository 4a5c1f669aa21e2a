import { Controller, Get, Param, Query } from '@nestjs/common'
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { CurrentActor, objectId, Requires, type JsonText } from '#platform'
import { AuditEntryView, AuditLogPage, AuditLogQuery, AuditVerification } from './audit-log.dto.ts'
import { AuditLogService } from './audit-log.service.ts'

@ApiTags('Audit')
@Controller('v1/audit-log')
@Requires('audit:read')
export class AuditLogController {
  readonly #service: AuditLogService

  constructor(service: AuditLogService) {
    this.#service = service
  }

  @Get()
  @ApiOperation({
    operationId: 'listAuditLog',
    summary: 'List audit entries',
    description: 'Latest first, or in the order of `sort`.',
  })
  @ApiOkResponse({ type: AuditLogPage })
  list(@CurrentActor() actor: Actor, @Query() query: AuditLogQuery): Promise<JsonText> {
    return this.#service.list(actor, query)
  }

  @Get('verification')
  @ApiOperation({
    operationId: 'verifyAuditLog',
    summary: 'Verify the chain',
    description:
      'Recomputes the hash of every entry of the tenant and names the first break, if there is one. Reads the whole log.',
  })
  @ApiOkResponse({ type: AuditVerification })
  verify(@CurrentActor() actor: Actor): Promise<AuditVerification> {
    return this.#service.verify(actor)
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'getAuditLogEntry',
    summary: 'Get an audit entry',
    description: 'With its hash and the hash before it.',
  })
  @ApiOkResponse({ type: AuditEntryView })
  get(@CurrentActor() actor: Actor, @Param('id', objectId('audit_entry')) id: string): Promise<AuditEntryView> {
    return this.#service.get(actor, id)
  }
}
