import type { BoundSort, BoundSortKey } from './bound.ts'
import { raw, sql, type Expression } from './expression.ts'

/** A key of an order; its expression is never null. */
export interface OrderKey {
  readonly expression: Expression
  readonly type: 'timestamptz' | 'uuid' | 'text' | 'bigint' | 'float8' | 'boolean'
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
  if (type === 'time') {
    const present = nullable ? sql`coalesce(${expression}, 'infinity')` : expression
    return [{ expression: present, type: 'timestamptz', descending }]
  }
  const missing: OrderKey = { expression: sql`(${expression} is null)`, type: 'boolean', descending }
  if (type === 'text') {
    const folded = field.caseExact ? expression : (field.key ?? sql`fold(${expression})`)
    const present = nullable ? sql`coalesce(${folded}, '')` : folded
    const key = field.key && !nullable && !field.caseExact ? present : sql`(${present}) collate "C"`
    return nullable
      ? [missing, { expression: key, type: 'text', descending }]
      : [{ expression: key, type: 'text', descending }]
  }
  const { as, absent } = others[type]
  const present = nullable ? sql`coalesce(${expression}, ${absent})` : expression
  return [...(nullable ? [missing] : []), { expression: present, type: as, descending }]
}

const others = {
  id: { as: 'uuid', absent: raw(`'00000000-0000-0000-0000-000000000000'`) },
  number: { as: 'bigint', absent: raw('0') },
  boolean: { as: 'boolean', absent: raw('false') },
} as const
