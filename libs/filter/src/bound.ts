import type { JsonField, ManyField, ScalarField } from './fields.ts'
import type { Operator } from './operators.ts'

/*
 * A filter whose names are fields and whose values have their types:
 *
 *   and | or ── terms
 *   not ─────── term
 *   test ────── field, operator, values      holds of one value
 *   element ─── field, term                  holds of one of many values: the term's tests are of its sub-attributes
 *   count ───── field, operator, values      is asked of many values at once: membership, all of, the only one, any at all
 */
export type BoundNode =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly BoundNode[] }
  | { readonly kind: 'not'; readonly term: BoundNode }
  | BoundTest
  | { readonly kind: 'element'; readonly name: string; readonly field: ManyField; readonly term: BoundNode }
  | {
      readonly kind: 'count'
      readonly name: string
      readonly field: ManyField
      readonly operator: Operator
      readonly values: readonly BoundValue[]
    }

export interface BoundTest {
  readonly kind: 'test'
  readonly name: string
  readonly field: ScalarField | JsonField
  /** The member of a JsonField. */
  readonly key: string | undefined
  readonly operator: Operator
  readonly values: readonly BoundValue[]
}

/** A text in the form in which it is stored, a number, a boolean, an instant in UTC with microseconds, or null. */
export type BoundValue = string | number | boolean | null

/** What a list is asked for. `text` is the filter as it was given: a cursor is good for the same one only. */
export class BoundFilter {
  readonly text: string
  readonly root: BoundNode
  readonly #names: ReadonlySet<string>

  constructor(text: string, root: BoundNode) {
    this.text = text
    this.root = root
    this.#names = new Set(namesIn(root))
  }

  /** Whether the filter speaks of a field: a list that leaves something out by default does not when it is asked for. */
  mentions(name: string): boolean {
    return this.#names.has(name)
  }
}

export interface BoundSortKey {
  readonly name: string
  readonly field: ScalarField
  readonly descending: boolean
}

/** The order that a list is asked for, most significant first; `text` as for a filter. */
export class BoundSort {
  readonly text: string
  readonly keys: readonly BoundSortKey[]

  constructor(text: string, keys: readonly BoundSortKey[]) {
    this.text = text
    this.keys = keys
  }
}

function namesIn(node: BoundNode): string[] {
  if ('terms' in node) return node.terms.flatMap(namesIn)
  if (node.kind === 'not') return namesIn(node.term)
  return [node.name]
}
