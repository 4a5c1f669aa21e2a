/**
 * A piece of SQL with bound values, in the form of the platform's `Fragment`: `strings` has one piece more than `values`,
 * and a value that is an expression itself stands for its SQL. In every expression `t` is the row of the list.
 */
export interface Expression {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]
}
