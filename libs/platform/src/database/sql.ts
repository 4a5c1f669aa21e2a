import { hash } from 'node:crypto'

/** SQL text with bound parameters `$1…`. Values never become text. */
export interface Sql {
  /** Under which each connection keeps it prepared; absent: it is parsed and planned each time. */
  readonly name?: string
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

  /**
   * For the statements that the program has: their text is put together once, and each connection keeps it prepared. The
   * same pieces in the same places are found again, never written anew.
   */
  toStatement(): Sql {
    const values: unknown[] = []
    const { name, text } = shapeOf(this, shapes, values).written(this)
    return { name, text, values }
  }

  /** For texts of which there is no end, such as those that clients make with filters. */
  toPassingStatement(): Sql {
    const values: unknown[] = []
    return { text: write(this, values), values }
  }
}

/** How far a statement has been followed, piece by piece; what is written of it when it ends here. */
class Shape {
  readonly #next = new Map<unknown, Shape>()
  #written: { readonly name: string; readonly text: string } | null = null

  at(piece: unknown): Shape {
    let next = this.#next.get(piece)
    if (!next) this.#next.set(piece, (next = new Shape()))
    return next
  }

  /** The same text has the same name on every connection, so PostgreSQL parses it once on each. */
  written(fragment: Fragment): { readonly name: string; readonly text: string } {
    if (this.#written) return this.#written
    const text = write(fragment, [])
    return (this.#written = { name: hash('sha1', text, 'base64url'), text })
  }
}

const shapes = new Shape()
const boundValue = Symbol('a value')

/** A template is known by its strings, which it has but once; text without values by itself. */
function shapeOf({ strings, values }: Fragment, from: Shape, bound: unknown[]): Shape {
  let shape = from.at(strings.length === 1 ? strings[0] : strings)
  for (const value of values) {
    if (value instanceof Fragment) shape = shapeOf(value, shape, bound)
    else {
      bound.push(value)
      shape = shape.at(boundValue)
    }
  }
  return shape
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
  return fragments.length === 0 ? raw('') : new Fragment(joint(separator, fragments.length), fragments)
}

const joints = new Map<string, (readonly string[])[]>()

/** The strings between and around so many fragments; the same ones each time. */
function joint(separator: string, count: number): readonly string[] {
  let known = joints.get(separator)
  if (!known) joints.set(separator, (known = []))
  return (known[count] ??= ['', ...Array<string>(count - 1).fill(separator), ''])
}

/**
 * For each row so far, the rows of the query, which may speak of it: `${perRow(query)} x`. Always from the one to the other,
 * by the index: without statistics PostgreSQL turns a join around, and then each step of a recursion reads whole tables.
 */
export function perRow(query: Fragment): Fragment {
  return sql`cross join lateral (${query} offset 0)`
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
