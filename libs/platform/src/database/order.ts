import { orderKeys, type BoundSort, type OrderKey as SortKey } from '#filter'
import { invalidCursor, type CursorKeys } from '#kernel'
import { all, Fragment, inOnePiece, join, raw, sql } from './sql.ts'

/** The expression is never null. */
export interface OrderKey {
  readonly expression: Fragment
  readonly type: SortKey['type']
}

/** All keys run in one direction; the last one is unique. */
export interface Order {
  readonly keys: readonly OrderKey[]
  readonly descending: boolean
}

/** A key with a direction of its own, as a client's order has it. */
export interface DirectedKey extends OrderKey {
  readonly descending: boolean
}

export const newestFirst: Order = {
  keys: [
    { expression: raw('t.created_at'), type: 'timestamptz' },
    { expression: raw('t.id'), type: 'uuid' },
  ],
  descending: true,
}

export const oldestFirst: Order = { ...newestFirst, descending: false }

const ownKeys = new WeakMap<Order, readonly DirectedKey[]>()

/** The keys that a list is read by: those asked for and, behind them, the unique one; without any the list's own. */
export function directed(order: Order, sort: BoundSort | undefined): readonly DirectedKey[] {
  const { keys, descending } = order
  let own = ownKeys.get(order)
  if (!own) ownKeys.set(order, (own = keys.map((key) => ({ ...key, descending }))))
  if (!sort) return own
  const asked = orderKeys(sort).map(({ expression: { strings, values }, ...key }) => ({
    ...key,
    expression: new Fragment(strings, values),
  }))
  const unique = own.slice(-1).map((key) => ({ ...key, descending: asked.at(-1)?.descending ?? descending }))
  return [...asked, ...unique]
}

export const ordering = writtenOnce((keys) => {
  const each = keys.map(({ expression, descending }) => sql`${expression} ${raw(descending ? 'desc' : 'asc')}`)
  return join(each, ', ')
})

/** The keys of a row as a JSON array of texts, as a cursor has them. */
export const keyTexts = writtenOnce((keys) => {
  const texts = keys.map(({ expression }) => sql`(${expression})::text`)
  return sql`json_build_array(${join(texts, ', ')})::text`
})

/** A list's own keys are the same for every request, and so is what is written of them. */
function writtenOnce(write: (keys: readonly DirectedKey[]) => Fragment): (keys: readonly DirectedKey[]) => Fragment {
  const known = new WeakMap<readonly DirectedKey[], Fragment>()
  return (keys) => {
    let fragment = known.get(keys)
    if (!fragment) known.set(keys, (fragment = inOnePiece(write(keys))))
    return fragment
  }
}

/** What a key of each type looks like as text; a cursor with another one was not made here. */
const keyForms: Record<OrderKey['type'], RegExp> = {
  timestamptz: /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00|infinity)$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  text: /^[^\0]*$/,
  bigint: /^-?\d{1,18}$/,
  boolean: /^(?:true|false)$/,
}

/** The rows behind the one that has these keys. */
export function behind(keys: readonly DirectedKey[], texts: CursorKeys): Fragment {
  const fits = texts.length === keys.length && keys.every(({ type }, index) => keyForms[type].test(texts[index] ?? ''))
  if (!fits) throw invalidCursor()
  const steps = keys.map(({ expression, type, descending }, index) => ({
    expression,
    value: sql`${texts[index]}::${raw(type)}`,
    comparison: raw(descending ? '<' : '>'),
  }))
  const one = keys.every(({ descending }) => descending === keys[0]?.descending)
  return one ? rowComparison(steps) : stepwise(steps)
}

interface Step {
  readonly expression: Fragment
  readonly value: Fragment
  readonly comparison: Fragment
}

/** The form that begins in the middle of an index. */
function rowComparison(steps: readonly Step[]): Fragment {
  const row = (part: 'expression' | 'value'): Fragment =>
    join(
      steps.map((step) => step[part]),
      ', ',
    )
  return sql`(${row('expression')}) ${steps[0]?.comparison ?? raw('>')} (${row('value')})`
}

/** For keys of both directions. What is said of the first one alone is for the index. */
function stepwise(steps: readonly Step[]): Fragment {
  const [first] = steps
  const behindAll = steps.reduceRight<Fragment>(
    (rest, { expression, value, comparison }) =>
      sql`${expression} ${comparison} ${value} or (${expression} = ${value} and (${rest}))`,
    raw('false'),
  )
  return first ? all([sql`${first.expression} ${first.comparison}= ${first.value}`, behindAll]) : raw('true')
}
