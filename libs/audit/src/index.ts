export * from './audit.module.ts'
export * from './changes.ts'
export * from './audit-log.dto.ts'
export { AuditLogService } from './audit-log.service.ts'
