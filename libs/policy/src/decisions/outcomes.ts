export const outcomes = ['allow', 'deny'] as const
export type Outcome = (typeof outcomes)[number]
