export type { Answer } from './decisions/answer.ts'
export { Decisions, type OwnQuestion } from './decisions/decisions.ts'
export { Permissions } from './decisions/permissions.ts'
export { PolicyModule } from './policy.module.ts'
