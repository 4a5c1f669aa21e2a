import { sql, type Expression } from './expression.ts'

/** By functions that know no wildcards. */
export function textMatch(operator: string, compared: Expression, bound: Expression): Expression {
  if (operator === 'co') return sql`strpos(${compared}, ${bound}) > 0`
  if (operator === 'sw') return sql`starts_with(${compared}, ${bound})`
  return sql`right(${compared}, length(${bound})) = ${bound}`
}
