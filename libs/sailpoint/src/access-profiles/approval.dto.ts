import { impliedApprovers, namedApprovers } from '#access-profiles'
import { Flag, Nested, NestedList, OneOf, Text, Whole } from '#platform'

const unset = { optional: true, nullable: true }

export class AccessProfileApprovalScheme {
  @OneOf({
    description: 'Who decides this step',
    of: [...impliedApprovers, ...namedApprovers],
    example: 'MANAGER',
  })
  approverType!: string

  @Text({
    description: 'Which one, for the types that name one; nothing is done with it for the others',
    min: 0,
    ...unset,
  })
  approverId?: string | null
}

export class AccessDuration {
  @Whole({ description: 'How many of them', min: 1, max: 100_000, example: 8 })
  value!: number

  @OneOf({ description: 'Of what', of: ['HOURS', 'DAYS', 'WEEKS', 'MONTHS'], example: 'HOURS' })
  timeUnit!: 'HOURS' | 'DAYS' | 'WEEKS' | 'MONTHS'
}

const steps = { description: 'The steps, in order; none: no approval', max: 50, open: true, ...unset } as const

export class Revocability {
  @NestedList(() => AccessProfileApprovalScheme, steps)
  approvalSchemes?: AccessProfileApprovalScheme[] | null
}

export class Requestability {
  @Flag({ description: 'Whether who asks must say why', ...unset })
  commentsRequired?: boolean | null

  @Flag({ description: 'Whether who denies must say why', ...unset })
  denialCommentsRequired?: boolean | null

  @NestedList(() => AccessProfileApprovalScheme, steps)
  approvalSchemes?: AccessProfileApprovalScheme[] | null

  @Flag({ description: 'Whether who decides must sign in once more', ...unset })
  reauthorizationRequired?: boolean | null

  @Flag({ description: 'Whether who asks must say until when', ...unset })
  requireEndDate?: boolean | null

  @Nested(() => AccessDuration, { description: 'For how long it is given at most', open: true, ...unset })
  maxPermittedAccessDuration?: AccessDuration | null

  @Text({ description: 'The form that a request fills in', max: 128, ...unset })
  formDefinitionId?: string | null
}
