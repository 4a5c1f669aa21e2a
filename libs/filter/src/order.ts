import type { BoundSort, BoundSortKey } from './bound.ts'
import { raw, sql, type Expression } from './expression.ts'

/** A key of an order; its expression is never null. */
export interface OrderKey {
  readonly expression: Expression
  readonly type: 'timestamptz' | 'uuid' | 'text' | 'bigint' | 'boolean'
  readonly descending: boolean
}

/**
 * What `order by` takes for a sort. A missing value is greater than every other: of a time it is infinity, of others a key
 * of its own says that it is missing. Texts that ignore case are ordered by their folded form, all of them by code point.
 */
export function orderKeys({ keys }: BoundSort): OrderKey[] {
  return keys.flatMap(keysOf)
}

function keysOf({ field, descending }: BoundSortKey): OrderKey[] {
  const { expression, type, nullable } = field
  const { as, absent } = keyTypes[type]
  const value = type === 'text' && !field.caseExact ? (field.key ?? sql`fold(${expression})`) : expression
  // Not coalesce: row-level security keeps that away from the indexes.
  const present = nullable ? sql`case when ${expression} is null then ${absent} else ${value} end` : value
  const key = { expression: type === 'text' ? sql`(${present}) collate "C"` : present, type: as, descending }
  if (!nullable || type === 'time') return [key]
  return [{ expression: sql`(${expression} is null)`, type: 'boolean', descending }, key]
}

const keyTypes = {
  time: { as: 'timestamptz', absent: raw(`'infinity'::timestamptz`) },
  text: { as: 'text', absent: raw(`''`) },
  id: { as: 'uuid', absent: raw(`'00000000-0000-0000-0000-000000000000'::uuid`) },
  number: { as: 'bigint', absent: raw('0') },
  boolean: { as: 'boolean', absent: raw('false') },
} as const
