import { spoken, type Operator } from './operators.ts'
import { Parser } from './parser.ts'
import { code } from './scanner.ts'
import type { FilterTree, Literal, Path, Test } from './tree.ts'

const nameForm = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/
const binary = spoken.sailpoint.filter((operator) => operator !== 'pr')
const operatorNames = new Map<string, Operator>(binary.map((name) => [name, name]))

/**
 * SailPoint's V3 filters: operators in lower case, `in ("a", "b")`, `ca ("a", "b")`, `pr name` before its field and
 * `name isnull` behind it, `not` before any term, values with or without quotes. In a text a backslash stands before `"`
 * and `\` only.
 */
export function parseSailpoint(text: string, parameter: string): FilterTree {
  return new SailpointParser(text, parameter).parse()
}

class SailpointParser extends Parser {
  protected override term(): FilterTree {
    if (this.unit === code.OPEN) return this.group()
    const { at } = this
    const word = this.#word()
    if (word === 'not') {
      this.enter()
      this.skipSpaces()
      const term = this.term()
      this.leave()
      return { kind: 'not', at, term }
    }
    this.countTerm(at)
    if (word === 'pr') {
      this.skipSpaces()
      const path = this.#path(this.at, this.#word())
      return { kind: 'test', path, operator: 'pr', operatorAt: at, values: [] }
    }
    return this.#test(this.#path(at, word))
  }

  #test(path: Path): Test {
    this.skipSpaces()
    const operatorAt = this.at
    const operator = operatorNames.get(this.#word())
    if (operator === undefined) {
      this.at = operatorAt
      throw this.unexpected(...binary)
    }
    return { kind: 'test', path, operator, operatorAt, values: this.#values(operator) }
  }

  #values(operator: Operator): Literal[] {
    if (operator === 'isnull') return []
    this.skipSpaces()
    return operator === 'in' || operator === 'ca' ? this.#list() : [this.#literal()]
  }

  #list(): Literal[] {
    const from = this.at
    if (this.unit !== code.OPEN) throw this.unexpected('( and values with commas between them')
    const values: Literal[] = []
    do {
      this.at++
      this.skipSpaces()
      this.countValue(this.at)
      values.push(this.#literal())
      this.skipSpaces()
    } while (this.unit === code.COMMA)
    if (this.unit !== code.CLOSE) throw this.ended ? this.unclosed(from, ')') : this.unexpected(',', ')')
    this.at++
    return values
  }

  #literal(): Literal {
    const { at } = this
    if (this.unit === code.QUOTE) return { type: 'text', value: this.#text(), at }
    const value = this.#word()
    if (value === '') throw this.unexpected('a value')
    return { type: 'word', value, at }
  }

  /** Up to the next space, comma, parenthesis or quote. */
  #word(): string {
    const { text, at } = this
    let end = at
    for (let unit = text.charCodeAt(end); isOfWord(unit); unit = text.charCodeAt(end)) end++
    this.at = end
    return text.slice(at, end)
  }

  #path(at: number, name: string): Path {
    if (nameForm.test(name)) return { at, urn: null, name }
    this.at = at
    throw this.unexpected('the name of a field', 'not', 'pr', '(…)')
  }

  #text(): string {
    const { text, at: from } = this
    let decoded = ''
    let start = from + 1
    for (let at = start; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (unit === code.QUOTE) {
        this.at = at + 1
        return decoded + text.slice(start, at)
      }
      if (unit !== code.BACKSLASH) continue
      const escaped = text.charCodeAt(at + 1)
      if (escaped !== code.QUOTE && escaped !== code.BACKSLASH)
        throw this.refuse('syntax', at, 'a backslash stands before " and \\ only', ['\\"', '\\\\'])
      decoded += text.slice(start, at)
      start = ++at
    }
    throw this.refuse('syntax', text.length, `the text that begins at offset ${from} does not end`, ['"'])
  }

  protected override joins(word: 'and' | 'or'): boolean {
    const before = this.at
    this.skipSpaces()
    if (this.#word() === word) {
      this.skipSpaces()
      return true
    }
    this.at = before
    return false
  }
}

function isOfWord(unit: number): boolean {
  return (
    unit === unit && // not behind the end
    unit !== code.SPACE &&
    unit !== code.COMMA &&
    unit !== code.OPEN &&
    unit !== code.CLOSE &&
    unit !== code.QUOTE
  )
}
