import type { Reason } from '../refusal.ts'

/** A filter, its tree, and the names of the people that it names. */
export type Accepted = readonly [text: string, tree: string, people: string]

export type Refused = readonly [text: string, reason: Reason, offset: number]
