/**
 * A piece of SQL with bound values, in the form of the platform's `Fragment`: `strings` has one piece more than `values`,
 * and a value that is an expression itself stands for its SQL. In every expression of a field table `t` is the row of the
 * list.
 */
export interface Expression {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]
}

/** `` sql`a = ${value}` ``: expressions become SQL, everything else is bound. The result holds bound values only. */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Expression {
  return flat({ strings, values })
}

export function raw(text: string): Expression {
  return { strings: [text], values: [] }
}

/** Each in parentheses, with the word between them. */
export function joined(expressions: readonly Expression[], word: 'and' | 'or'): Expression {
  const strings = ['(', ...expressions.slice(1).map(() => `) ${word} (`), ')']
  return flat({ strings, values: expressions })
}

function flat({ strings, values }: Expression): Expression {
  const pieces = [strings[0] ?? '']
  const bound: unknown[] = []
  for (const [index, value] of values.entries()) {
    const inner = isExpression(value) ? flat(value) : { strings: ['', ''], values: [value] }
    pieces[pieces.length - 1] += inner.strings[0] ?? ''
    pieces.push(...inner.strings.slice(1))
    bound.push(...inner.values)
    pieces[pieces.length - 1] += strings[index + 1] ?? ''
  }
  return { strings: pieces, values: bound }
}

function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && 'strings' in value && 'values' in value
}
