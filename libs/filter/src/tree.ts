import type { Operator } from './operators.ts'

/*
 * A filter as it was written. `name eq "x" and not (tags pr or emails[type eq "work"])` is
 *
 *   and
 *   ├── test name eq "x"
 *   └── not
 *       └── or
 *           ├── test tags pr
 *           └── element emails
 *               └── test type eq "work"
 *
 * A junction holds at least two terms; one inside another of the same kind stood in parentheses. Every `at` is the offset
 * in the text, in UTF-16 units from 0.
 */
export type FilterTree = Junction | Negation | Test | ElementTest

export interface Junction {
  readonly kind: 'and' | 'or'
  readonly terms: readonly FilterTree[]
}

export interface Negation {
  readonly kind: 'not'
  readonly at: number
  readonly term: FilterTree
}

export interface Test {
  readonly kind: 'test'
  readonly path: Path
  readonly operator: Operator
  readonly operatorAt: number
  /** None for `pr` and `isnull`, one or more for `in` and `ca`, else one. */
  readonly values: readonly Literal[]
}

/** All of the term holds for one and the same of many values. */
export interface ElementTest {
  readonly kind: 'element'
  readonly path: Path
  readonly term: FilterTree
}

export interface Path {
  readonly at: number
  /** The schema before the last colon; null without one. */
  readonly urn: string | null
  /** The attribute and its sub-attribute, with dots. */
  readonly name: string
}

/** `word` is text without quotes, which only the field can give a type. */
export type Literal =
  | { readonly type: 'text' | 'word'; readonly value: string; readonly at: number }
  | { readonly type: 'number'; readonly value: number; readonly at: number }
  | { readonly type: 'boolean'; readonly value: boolean; readonly at: number }
  | { readonly type: 'null'; readonly value: null; readonly at: number }
