import { Global, Module } from '@nestjs/common'
import { AuditLogController } from './audit-log.controller.ts'
import { AuditLogRepository } from './audit-log.repository.ts'
import { AuditLogService } from './audit-log.service.ts'
import { ChangesRepository } from './changes.repository.ts'
import { Changes } from './changes.ts'
import { WebhooksModule } from './webhooks/webhooks.module.ts'

@Global()
@Module({
  imports: [WebhooksModule],
  controllers: [AuditLogController],
  providers: [AuditLogService, AuditLogRepository, Changes, ChangesRepository],
  exports: [AuditLogService, Changes],
})
export class AuditModule {}
