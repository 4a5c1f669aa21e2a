import { Parser } from './parser.ts'
import { beginsName, code, continuesName } from './scanner.ts'
import { readJsonNumber, readJsonText } from './json-literals.ts'
import { spoken, type Operator } from './operators.ts'
import type { ElementTest, FilterTree, Literal, Path, Test } from './tree.ts'

const [COLON, DOT, DOLLAR, MINUS, ZERO, NINE, LETTER_N, LETTER_U] = [58, 46, 36, 45, 48, 57, 110, 117]
// All of them have two letters: found by both at once, in any case.
const operatorCodes = new Map<number, Operator>(
  spoken.scim.map((name) => [twoLetters(name.charCodeAt(0), name.charCodeAt(1)), name]),
)
const valueForms = ['a text in double quotes', 'a number', 'true', 'false', 'null'] as const

/**
 * RFC 7644 section 3.4.2.2. Operators, joining words and `not` are read in any case. Beyond the RFC: runs of spaces,
 * spaces inside parentheses, `true`, `false` and `null` in any case, `$ref`, and `emails[type eq "work"].value eq "x"`,
 * where what follows the bracket speaks of the same value.
 */
export function parseScim(text: string, parameter: string): FilterTree {
  return new ScimParser(text, parameter).parse()
}

class ScimParser extends Parser {
  #inElement = false

  protected override term(): FilterTree {
    const { unit } = this
    if (unit === code.OPEN) return this.group()
    if (!beginsName(unit) && unit !== DOLLAR) throw this.unexpected('the name of a field', 'not (…)', '(…)')
    return ((unit | 32) === LETTER_N ? this.#negation(this.nameEnd()) : null) ?? this.#test()
  }

  /** Null when the word is not `not`, or that is the name of a field here. */
  #negation(end: number): FilterTree | null {
    if (this.#word(end) !== 'not') return null
    const start = this.at
    this.at = end
    this.skipSpaces()
    if (this.unit === code.OPEN) {
      this.enter()
      const term = this.group()
      this.leave()
      return { kind: 'not', at: start, term }
    }
    const next = this.nameEnd()
    if (this.#operator(next) === undefined) throw this.unexpected('( after not')
    this.at = start
    return null
  }

  #test(): Test | ElementTest {
    const path = this.#path()
    if (this.unit === code.OPEN_BRACKET) return this.#element(path)
    this.countTerm(path.at)
    return this.#comparison(path)
  }

  #comparison(path: Path): Test {
    if (!this.skipSpaces()) throw this.unexpected('a space and an operator')
    const operatorAt = this.at
    const end = this.nameEnd()
    const operator = this.#operator(end)
    if (operator === undefined) throw this.unexpected(...spoken.scim)
    this.at = end
    if (operator === 'pr') return { kind: 'test', path, operator, operatorAt, values: [] }
    if (!this.skipSpaces()) throw this.unexpected('a space and a value')
    return { kind: 'test', path, operator, operatorAt, values: [this.#literal()] }
  }

  /** The operator that the name from here to its end is. */
  #operator(end: number): Operator | undefined {
    const { text, at } = this
    return end === at + 2 ? operatorCodes.get(twoLetters(text.charCodeAt(at), text.charCodeAt(at + 1))) : undefined
  }

  #element(path: Path): ElementTest {
    const from = this.at
    if (this.#inElement)
      throw this.refuse('syntax', from, 'brackets within brackets', ['a test of one of the sub-attributes'])
    this.#inElement = true
    this.enter()
    this.at++
    this.skipSpaces()
    const term = this.disjunction()
    this.skipSpaces()
    if (this.unit !== code.CLOSE_BRACKET) throw this.unclosed(from, ']')
    this.at++
    this.leave()
    this.#inElement = false
    return { kind: 'element', path, term: this.unit === DOT ? this.#alsoOf(term) : term }
  }

  /** `emails[type eq "work"].value eq "x"`, as Entra writes it. */
  #alsoOf(term: FilterTree): FilterTree {
    this.at++
    const at = this.at
    const end = this.#attributeEnd()
    this.countTerm(at)
    const test = this.#comparison({ at, urn: null, name: this.text.slice(at, end) })
    return term.kind === 'and' ? { kind: 'and', terms: [...term.terms, test] } : { kind: 'and', terms: [term, test] }
  }

  /** `name`, `name.sub`, `urn:…:name.sub`: a schema has dots and colons itself, so it ends at the last colon. */
  #path(): Path {
    const { text, at } = this
    let colon = -1
    if ((text.charCodeAt(at) | 32) === LETTER_U && text.slice(at, at + 4).toLowerCase() === 'urn:') {
      let end = at
      for (let unit = text.charCodeAt(end); isOfUrn(unit); unit = text.charCodeAt(++end))
        if (unit === COLON) colon = end
    }
    const urn = colon < 0 ? null : text.slice(at, colon)
    this.at = colon < 0 ? at : colon + 1
    const from = this.at
    this.#attributeEnd()
    if (this.unit === DOT) {
      this.at++
      this.#attributeEnd()
    }
    if (this.unit === DOT) throw this.unexpected('a space and an operator: a name has one dot at most')
    return { at, urn, name: text.slice(from, this.at) }
  }

  /** Goes behind the name, which may begin with `$`. */
  #attributeEnd(): number {
    const { text } = this
    if (this.unit === DOLLAR) this.at++
    if (!beginsName(text.charCodeAt(this.at))) throw this.unexpected('the name of a field, which begins with a letter')
    this.at = this.nameEnd()
    return this.at
  }

  #literal(): Literal {
    const { at, unit } = this
    const literal = this.#literalAt(at, unit)
    const next = this.unit
    if (!this.ended && next !== code.SPACE && next !== code.CLOSE && next !== code.CLOSE_BRACKET)
      throw this.unexpected('a space', ')', 'the end of the filter')
    return literal
  }

  #literalAt(at: number, unit: number): Literal {
    if (unit === code.QUOTE) return { type: 'text', value: readJsonText(this), at }
    if (unit === MINUS || (unit >= ZERO && unit <= NINE)) return { type: 'number', value: readJsonNumber(this), at }
    const end = this.nameEnd()
    switch (this.#word(end)) {
      case 'true':
      case 'false': {
        const value = end - at === 4
        this.at = end
        return { type: 'boolean', value, at }
      }
      case 'null':
        this.at = end
        return { type: 'null', value: null, at }
      default:
        throw this.unexpected(...valueForms)
    }
  }

  #word(end: number): string {
    return end - this.at > 5 ? '' : this.text.slice(this.at, end).toLowerCase()
  }

  protected override joins(word: 'and' | 'or'): boolean {
    const { text } = this
    let at = this.at
    while (text.charCodeAt(at) === code.SPACE) at++
    if (at === this.at) return false
    const end = at + word.length
    if ((text.charCodeAt(at) | 32) !== word.charCodeAt(0) || text.slice(at, end).toLowerCase() !== word) return false
    if (continuesName(text.charCodeAt(end))) return false
    this.at = end
    if (!this.skipSpaces()) throw this.unexpected(`a space after ${word}`)
    return true
  }
}

function twoLetters(first: number, second: number): number {
  return ((first | 32) << 8) | (second | 32)
}

function isOfUrn(unit: number): boolean {
  return continuesName(unit) || unit === COLON || unit === DOT
}
