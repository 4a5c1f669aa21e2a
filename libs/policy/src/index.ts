export { Decisions } from './decisions/decisions.ts'
export { Permissions } from './decisions/permissions.ts'
export { PoliciesService } from './policies/policies.service.ts'
export { PolicyModule } from './policy.module.ts'
