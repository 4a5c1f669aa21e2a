/** SQL text with bound parameters `$1…`. Values never become text. */
export interface Sql {
  readonly text: string
  readonly values: readonly unknown[]
}

/** A piece of SQL whose parameters are numbered when the whole statement is made. */
export class Fragment {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]

  constructor(strings: readonly string[], values: readonly unknown[]) {
    this.strings = strings
    this.values = values
  }

  toStatement(): Sql {
    const values: unknown[] = []
    return { text: write(this, values), values }
  }
}

/** `` sql`a = ${value}` ``: values are bound, fragments are inlined. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Fragment {
  return new Fragment(strings, values)
}

/** SQL that the program itself wrote. Never give it text from outside. */
export function raw(text: string): Fragment {
  return new Fragment([text], [])
}

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  const [first, ...rest] = fragments
  if (!first) return raw('')
  return new Fragment(['', ...rest.map(() => separator), ''], fragments)
}

/** All of the conditions; none is true. */
export function all(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0
    ? raw('true')
    : join(
        conditions.map((each) => sql`(${each})`),
        ' and ',
      )
}

/** The same SQL, written out when it has no values: for what many statements have in common. */
export function inOnePiece(fragment: Fragment): Fragment {
  const { text, values } = fragment.toStatement()
  return values.length === 0 ? raw(text) : fragment
}

function write(fragment: Fragment, values: unknown[]): string {
  return fragment.strings.reduce((text, piece, index) => {
    if (index === 0) return piece
    const value = fragment.values[index - 1]
    if (value instanceof Fragment) return text + write(value, values) + piece
    values.push(value)
    return `${text}$${values.length}${piece}`
  }, '')
}
