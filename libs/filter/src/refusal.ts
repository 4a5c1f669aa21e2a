import { DomainError } from '#kernel'

export type Reason =
  'syntax' | 'unknown_field' | 'unsupported_operator' | 'invalid_value' | 'too_long' | 'too_deep' | 'too_many_terms'

/** The parts of a refusal: where, why, and each thing that would be right there. */
export interface Refused {
  readonly offset: number
  readonly reason: Reason
  readonly message: string
  readonly expected: readonly string[]
}

/** 400 `invalid_filter`. */
export function refusal(parameter: string, { offset, reason, message, expected }: Refused): DomainError {
  return new DomainError('invalid_filter', `${parameter}, at offset ${offset}: ${message}`, {
    parameter,
    offset,
    reason,
    expected,
  })
}

const longestExcerpt = 40

/** A piece of the client's text for a message: cut where it is long. */
export function excerpt(text: string): string {
  const cut = text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)}…` : text
  return JSON.stringify(cut.toWellFormed())
}
