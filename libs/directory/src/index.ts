export * from './directory.module.ts'
export { ApiKeysService } from './api-keys/api-keys.service.ts'
export { TenantsService } from './tenants/tenants.service.ts'
