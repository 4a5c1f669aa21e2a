import { beyond } from './limit-errors.ts'
import { limits, type Limit } from './limits.ts'
import type { Place } from './types.ts'

/** What has been seen at one level of brackets since the last comma or semicolon, by what binds loosest first. */
interface Level {
  elements: number
  branches: number
  or: number
  and: number
  sum: number
  product: number
  sign: number
  member: number
}

type Chain = 'branches' | 'or' | 'and' | 'sum' | 'product' | 'sign' | 'member'
const chains: readonly Chain[] = ['branches', 'or', 'and', 'sum', 'product', 'sign', 'member']

/** An operator ends the chains of all that bind tighter. */
const operators: Readonly<Record<string, Chain | 'relation'>> = {
  if: 'branches',
  '||': 'or',
  '&&': 'and',
  in: 'relation',
  is: 'relation',
  has: 'relation',
  like: 'relation',
  '==': 'relation',
  '!=': 'relation',
  '<=': 'relation',
  '>=': 'relation',
  '<': 'relation',
  '>': 'relation',
  '+': 'sum',
  '-': 'sum',
  '*': 'product',
  '!': 'sign',
  '.': 'member',
  '::': 'member',
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }
const token = /\/\/[^\n\r]*|"[^"\\]*(?:\\.[^"\\]*)*"?|[A-Za-z_][A-Za-z0-9_]*|\d+|\|\||&&|==|!=|<=|>=|::|[^\s]/gsy
const space = /\s*/gy

/**
 * Walks over a text of policies once, refusing what Cedar cannot be given. It knows strings, comments, brackets and
 * operators, not Cedar's grammar: what is no Cedar at all passes, and Cedar says so.
 * @returns where each statement stands, from its first token to its semicolon
 * @throws DomainError `invalid_body` with the offset and the limit
 */
export function checkPolicyText(text: string, field: string): Place[] {
  return new Scan(text, field, false).statements()
}

/** The same for the text of a schema, whose types nest in angle brackets as well. */
export function checkSchemaText(text: string, field: string): void {
  new Scan(text, field, true).statements()
}

class Scan {
  readonly #text: string
  readonly #field: string
  readonly #angles: boolean
  readonly #open: string[] = []
  readonly #levels: Level[] = [level()]
  readonly #found: Place[] = []
  #start = -1
  #clauses = 0
  #isName = false

  constructor(text: string, field: string, angles: boolean) {
    this.#text = text
    this.#field = field
    this.#angles = angles
  }

  statements(): Place[] {
    if (this.#text.length > limits.text)
      throw this.#beyond('text', `the text has more than ${limits.text} characters`, limits.text)
    let end = 0
    for (const [offset, word] of tokens(this.#text)) {
      end = offset + word.length
      if (this.#start < 0) this.#start = offset
      this.#take(word, offset)
      // Behind these a reserved word is a name: a.is, A::in.
      this.#isName = word === '.' || word === '::' || word === '@'
      if (word === ';' && this.#open.length === 0) this.#statement(end)
    }
    if (this.#start >= 0) this.#statement(end)
    return this.#found
  }

  #statement(end: number): void {
    const start = this.#start
    if (!this.#angles && end - start > limits.rule)
      throw this.#beyond('rule', `the rule has more than ${limits.rule} characters`, start)
    if (this.#found.length === limits.rules)
      throw this.#beyond('rules', `there are more than ${limits.rules} rules`, start)
    this.#found.push({ start, end })
    this.#start = -1
    this.#clauses = 0
    this.#levels[0] = level()
  }

  #take(word: string, offset: number): void {
    const top = this.#top()
    if (word in closing && (word !== '<' || this.#angles)) return this.#enter(word, offset)
    if (word === this.#open.at(-1)) return this.#leave()
    if (word === ',' || word === ';') return this.#element(top, offset)
    if (word === '@') return reset(top, chains)
    if (this.#isName) return
    if (word === 'then' || word === 'else') return reset(top, chains.slice(1))
    if ((word === 'when' || word === 'unless') && this.#open.length === 0) return this.#clause(offset)
    const kind = Object.hasOwn(operators, word) ? operators[word] : undefined
    if (kind !== undefined) this.#operator(top, kind, offset)
  }

  #enter(bracket: string, offset: number): void {
    if (this.#open.length === limits.brackets)
      throw this.#beyond('brackets', `brackets are nested deeper than ${limits.brackets}`, offset)
    // A call and an index are links of a chain as an attribute is: a.b(c)[d].
    if (bracket !== '{') this.#operator(this.#top(), 'member', offset)
    this.#open.push(closing[bracket] ?? '')
    this.#levels.push(level())
  }

  #leave(): void {
    this.#open.pop()
    this.#levels.pop()
  }

  #element(top: Level, offset: number): void {
    top.elements++
    reset(top, chains)
    if (this.#open.length > 0 && top.elements >= limits.elements && !this.#angles)
      throw this.#beyond('elements', `a set, record or list has more than ${limits.elements} elements`, offset)
  }

  #clause(offset: number): void {
    if (++this.#clauses > limits.clauses)
      throw this.#beyond('clauses', `a rule has more than ${limits.clauses} when and unless clauses`, offset)
    reset(this.#top(), chains)
  }

  #operator(top: Level, kind: Chain | 'relation', offset: number): void {
    if (kind === 'relation') return reset(top, chains.slice(chains.indexOf('sum')))
    if (++top[kind] > limits.chain)
      throw this.#beyond('chain', `more than ${limits.chain} operators follow one another`, offset)
    reset(top, chains.slice(chains.indexOf(kind) + 1))
  }

  #top(): Level {
    const top = this.#levels.at(-1)
    if (top === undefined) throw new Error('the outermost level is never left')
    return top
  }

  #beyond(limit: Limit, message: string, offset: number): Error {
    return beyond(limit, `${message} (offset ${offset})`, { field: this.#field, offset })
  }
}

/** Without spaces and comments. */
function* tokens(text: string): Generator<[offset: number, word: string]> {
  let offset = 0
  for (;;) {
    space.lastIndex = offset
    space.exec(text)
    token.lastIndex = space.lastIndex
    const found = token.exec(text)
    if (found === null) return
    offset = token.lastIndex
    if (!found[0].startsWith('//')) yield [found.index, found[0]]
  }
}

function level(): Level {
  return { elements: 0, branches: 0, or: 0, and: 0, sum: 0, product: 0, sign: 0, member: 0 }
}

function reset(top: Level, kinds: readonly Chain[]): void {
  for (const kind of kinds) top[kind] = 0
}
