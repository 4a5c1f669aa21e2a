import type { BoundValue } from './bound.ts'
import { joined, raw, sql, type Expression } from './expression.ts'
import type { JsonField } from './fields.ts'
import { textMatch } from './sql-text.ts'

/*
 * A member of a jsonb object is one value or a list of them; a test holds when it holds for one, and only for values of
 * the type that it compares with. `case` keeps the casts from values of other types, and what is no list from being
 * unfolded like one.
 */
export function jsonTest(
  { expression, caseExact }: JsonField,
  key: string,
  operator: string,
  values: readonly BoundValue[],
): Expression {
  const member = sql`(${expression} -> ${key}::text)`
  if (operator === 'isnull') return sql`coalesce(${member}, 'null') in ('null', '[]')`
  if (operator === 'pr') return sql`${member} not in ('null', '""', '[]', '{}')`
  const each = values.map((value) => {
    const { type, holds } = valueTest(operator === 'in' ? 'eq' : operator, value, caseExact)
    const inList = sql`exists (select from jsonb_array_elements(${member}) e(value)
      where case jsonb_typeof(e.value) when ${type} then ${holds(raw('e.value'))} end)`
    return sql`case jsonb_typeof(${member}) when ${type} then ${holds(member)} when 'array' then ${inList} end`
  })
  return joined(each, 'or')
}

/** The type of JSON that the value is compared with, and how. */
interface ValueTest {
  readonly type: Expression
  readonly holds: (json: Expression) => Expression
}

const comparisons = { eq: raw('='), gt: raw('>'), ge: raw('>='), lt: raw('<'), le: raw('<=') } as const
type Comparison = keyof typeof comparisons

function valueTest(operator: string, value: BoundValue, caseExact: boolean): ValueTest {
  const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator as Comparison] : null
  if (typeof value === 'boolean')
    return { type: raw(`'boolean'`), holds: (json) => sql`${json} = to_jsonb(${value}::boolean)` }
  if (typeof value === 'number')
    return {
      type: raw(`'number'`),
      holds: (json) => sql`${json}::numeric ${comparison ?? raw('=')} ${value}::numeric`,
    }
  const bound = caseExact ? sql`${value}::text` : sql`fold(${value}::text)`
  const holds = (json: Expression): Expression => {
    const text = caseExact ? sql`(${json} #>> '{}')` : sql`fold(${json} #>> '{}')`
    return comparison ? sql`${text} collate "C" ${comparison} ${bound}` : textMatch(operator, text, bound)
  }
  return { type: raw(`'string'`), holds }
}
