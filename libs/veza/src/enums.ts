import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { ApiHeader } from '@nestjs/swagger'
import type { FastifyRequest } from 'fastify'
import { DomainError } from '#kernel'

/*
 * Veza's enums. Its documentation names few of their values and no numbers; what stands here is ours, and is published in
 * docs/veza.md. Names go out, and numbers instead for a request with `X-Enum-Format: number`; both are taken.
 * A word of the domain is the name in lower case.
 */
export type Enumeration = Readonly<Record<string, number>>

export const profileState = { RUNNING: 1, PAUSED: 2 } as const satisfies Enumeration
export const versionState = { DRAFT: 1, PUBLISHED: 2, RETIRED: 3 } as const satisfies Enumeration
export const onCreateBehavior = { UNSPECIFIED: 0, DRAFT: 1, PUBLISHED: 2, RUNNING: 3 } as const satisfies Enumeration
export const memberOperation = { ADD: 1, REMOVE: 2 } as const satisfies Enumeration
export const createdFrom = { ACCESS_PROFILE_MEMBERSHIP: 1, IMPORT: 2, OTHER: 3 } as const satisfies Enumeration
export const grantBy = { UNSPECIFIED: 0, MEMBERSHIP: 1, CONDITION: 2 } as const satisfies Enumeration
export const conditionType = { UNSPECIFIED: 0, SCIM_FILTER: 1, EXPRESSION: 2 } as const satisfies Enumeration
export const keyStatus = { ACTIVE: 1, INACTIVE: 2 } as const satisfies Enumeration

export type EnumFormat = 'name' | 'number'

const header = 'x-enum-format'

/** What the request asks for; names for want of a valid header, which its reader refuses elsewhere. */
export function enumFormat(headers: Readonly<Record<string, unknown>>): EnumFormat {
  return headers[header] === 'number' ? 'number' : 'name'
}

const documented: ParameterDecorator = (target, key) => {
  if (key === undefined) return
  const api = ApiHeader({
    name: 'X-Enum-Format',
    required: false,
    description: 'How enums are answered: by `name`, or by `number`',
    schema: { type: 'string', enum: ['name', 'number'], default: 'name' },
  })
  api(target, key, Object.getOwnPropertyDescriptor(target, key) as PropertyDescriptor)
}

/** How the request wants enums. @throws DomainError `invalid_parameter` */
export const InEnumFormat = createParamDecorator(
  (_: unknown, context: ExecutionContext): EnumFormat => {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>()
    const given = headers[header] ?? 'name'
    if (given === 'name' || given === 'number') return given
    const message = 'X-Enum-Format must be name or number'
    throw new DomainError('invalid_parameter', message, { fields: [{ field: 'X-Enum-Format', message }] })
  },
  [documented],
)
