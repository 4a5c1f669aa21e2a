import type { BoundValue } from './bound.ts'
import { joined, raw, sql, type Expression } from './expression.ts'
import type { JsonField } from './fields.ts'
import { textMatch } from './sql-text.ts'

/*
 * A member of a jsonb object is one value or a list of them; a test holds when it holds for one, and only for values of
 * the type that it compares with. `case` keeps the casts from values of other types.
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
  const each = values.map((value) => valueTest(operator === 'in' ? 'eq' : operator, value, caseExact))
  const list = sql`case jsonb_typeof(${member}) when 'array' then ${member} else jsonb_build_array(${member}) end`
  return sql`exists (select from jsonb_array_elements(${list}) e(value) where ${joined(each, 'or')})`
}

const comparisons = { eq: raw('='), gt: raw('>'), ge: raw('>='), lt: raw('<'), le: raw('<=') } as const
type Comparison = keyof typeof comparisons

function valueTest(operator: string, value: BoundValue, caseExact: boolean): Expression {
  if (typeof value === 'boolean') return sql`e.value = to_jsonb(${value}::boolean)`
  const comparison = Object.hasOwn(comparisons, operator) ? comparisons[operator as Comparison] : null
  if (typeof value === 'number')
    return sql`case jsonb_typeof(e.value) when 'number' then e.value::numeric ${comparison ?? raw('=')} ${value}::numeric end`
  const found = caseExact ? sql`(e.value #>> '{}')` : sql`fold(e.value #>> '{}')`
  const bound = caseExact ? sql`${value}::text` : sql`fold(${value}::text)`
  const holds = comparison ? sql`${found} collate "C" ${comparison} ${bound}` : textMatch(operator, found, bound)
  return sql`case jsonb_typeof(e.value) when 'string' then ${holds} end`
}
