import type { DomainError } from '#kernel'
import { limits } from './limits.ts'
import { code, Scanner } from './scanner.ts'
import type { FilterTree } from './tree.ts'

/**
 * What both languages have in common: `not` before `and` before `or`, each level from the left, parentheses. Recursive
 * descent over the text itself, one unit ahead; nothing is read twice but the spaces before a joining word.
 */
export abstract class Parser extends Scanner {
  #depth = 0
  #terms = 0
  #values = 0

  /** The whole text. @throws DomainError `invalid_filter` */
  parse(): FilterTree {
    this.skipSpaces()
    const tree = this.disjunction()
    this.skipSpaces()
    if (!this.ended) throw this.unexpected('and', 'or', 'the end of the filter')
    return tree
  }

  protected disjunction(): FilterTree {
    const first = this.#conjunction()
    if (!this.joins('or')) return first
    const terms = [first]
    do terms.push(this.#conjunction())
    while (this.joins('or'))
    return { kind: 'or', terms }
  }

  #conjunction(): FilterTree {
    const first = this.term()
    if (!this.joins('and')) return first
    const terms = [first]
    do terms.push(this.term())
    while (this.joins('and'))
    return { kind: 'and', terms }
  }

  /** A test, a negation, or what stands in parentheses. */
  protected abstract term(): FilterTree

  /** Goes behind the joining word and its spaces if it is the next; if not, stays. */
  protected abstract joins(word: 'and' | 'or'): boolean

  /** What the parentheses hold; the scanner stands on the opening one. */
  protected group(): FilterTree {
    const from = this.at
    this.enter()
    this.at++
    this.skipSpaces()
    const tree = this.disjunction()
    this.skipSpaces()
    if (this.unit !== code.CLOSE) throw this.unclosed(from, ')')
    this.at++
    this.leave()
    return tree
  }

  protected unclosed(from: number, bracket: string): DomainError {
    if (!this.ended) return this.unexpected('and', 'or', bracket)
    const expected = `${bracket} for the ${this.text.charAt(from)} at offset ${from}`
    return this.refuse('syntax', this.at, `the end where ${expected} was expected`, [bracket])
  }

  protected enter(): void {
    if (++this.#depth > limits.depth)
      throw this.refuse('too_deep', this.at, `it is nested more than ${limits.depth} deep`, [
        `at most ${limits.depth} levels`,
      ])
  }

  protected leave(): void {
    this.#depth--
  }

  protected countTerm(at: number): void {
    if (++this.#terms > limits.terms)
      throw this.refuse('too_many_terms', at, `it has more than ${limits.terms} tests`, [
        `at most ${limits.terms} tests`,
      ])
  }

  protected countValue(at: number): void {
    if (++this.#values > limits.values)
      throw this.refuse('too_many_terms', at, `its lists have more than ${limits.values} values`, [
        `at most ${limits.values} values`,
      ])
  }
}
