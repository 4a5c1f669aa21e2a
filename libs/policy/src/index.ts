export { refusalOf, type Answer } from './decisions/answer.ts'
export { Decisions, type OwnQuestion } from './decisions/decisions.ts'
export type { EntitlementFacts } from './decisions/facts.repository.ts'
export { PolicyModule } from './policy.module.ts'
