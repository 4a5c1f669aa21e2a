import { Global, Module } from '@nestjs/common'
import { AuditLogController } from './audit-log.controller.ts'
import { AuditLogRepository } from './audit-log.repository.ts'
import { AuditLogService } from './audit-log.service.ts'
import { Changes } from './changes.ts'

@Global()
@Module({
  controllers: [AuditLogController],
  providers: [AuditLogService, AuditLogRepository, Changes],
  exports: [AuditLogService, Changes],
})
export class AuditModule {}
