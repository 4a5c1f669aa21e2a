export { SailPointModule } from './sailpoint.module.ts'
export { sailPointScopes } from './scopes.ts'
