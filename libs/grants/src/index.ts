export * from './grants.dto.ts'
export { accountOf, isLive } from './grants.fields.ts'
export { GrantsModule } from './grants.module.ts'
export { GrantsService } from './grants.service.ts'
