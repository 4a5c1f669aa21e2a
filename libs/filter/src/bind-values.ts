import { parseId, type DomainError } from '#kernel'
import type { BoundValue } from './bound.ts'
import type { JsonField, ScalarField } from './fields.ts'
import { instantForms, readInstant, readStretch } from './instant.ts'
import { nearest } from './nearest.ts'
import { excerpt, type Refused } from './refusal.ts'
import type { Literal, Test } from './tree.ts'

export interface Values {
  readonly refuse: (refused: Refused) => DomainError
  /** Quotes do not make a text of what the field takes for a number or a boolean: SailPoint's clients quote everything. */
  readonly looseQuotes: boolean
}

const numberWord = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** The values in the form of the field; what can be the value of no row (a text as an id) is left out. */
export function bindValues(test: Test, field: ScalarField | JsonField, as: Values): BoundValue[] {
  const { values, operator } = test
  if (field.kind === 'json') return values.map((literal) => jsonValue(literal, operator, as))
  if (field.type === 'id' && operator === 'sw') return values.map((literal) => hexStart(textOf(literal, field, as)))
  return values.map((literal) => converted(literal, field, as)).filter((value) => value !== noValue)
}

const noValue = Symbol('the value of no row')

function converted(literal: Literal, field: ScalarField, as: Values): BoundValue | typeof noValue {
  switch (field.type) {
    case 'text':
      return field.of ? oneOf(literal, field, field.of, as) : textOf(literal, field, as)
    case 'id':
      return parseId(textOf(literal, field, as)) ?? noValue
    case 'number':
      return numberOf(literal, as)
    case 'boolean':
      return booleanOf(literal, as)
    case 'time':
      return instantOf(literal, as)
  }
}

function textOf(literal: Literal, { type }: { readonly type: string }, as: Values): string {
  if (literal.type === 'word' && literal.value === 'null')
    throw wrong(literal, as, 'null is compared by eq and ne only', ['a value'])
  if (literal.type !== 'text' && literal.type !== 'word')
    throw wrong(literal, as, `${JSON.stringify(literal.value)} is no text`, [
      type === 'id' ? 'an id in double quotes' : `a text in double quotes, such as "${literal.value}"`,
    ])
  return storable(literal, literal.value, as)
}

/** PostgreSQL holds no NUL, and UTF-8 no half of a surrogate pair. */
function storable(literal: Literal, value: string, as: Values): string {
  if (!value.includes('\0') && value.isWellFormed()) return value
  throw wrong(literal, as, 'the text holds a NUL or half of a surrogate pair, which no stored text does', [
    'a text of whole characters',
  ])
}

function oneOf(literal: Literal, field: ScalarField, of: readonly string[], as: Values): string {
  const text = textOf(literal, field, as)
  const found = of.find((each) => each === text) ?? of.find((each) => each.toLowerCase() === text.toLowerCase())
  if (found !== undefined) return found
  const near = nearest(text, of)
  const meant = near === null ? '' : `; did you mean ${JSON.stringify(near)}?`
  throw wrong(literal, as, `${excerpt(text)} is none of the values that there are${meant}`, of)
}

function numberOf(literal: Literal, as: Values): number {
  const word = wordOf(literal, as)
  const value: unknown = word !== null && numberWord.test(word) ? Number(word) : literal.value
  if (typeof value !== 'number') throw wrong(literal, as, 'this is no number', ['a number without quotes'])
  const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  if (!exact)
    throw wrong(literal, as, 'the number is too large to be exact', ['a whole number below 2^53, or a fraction'])
  return value
}

function booleanOf(literal: Literal, as: Values): boolean {
  if (literal.type === 'boolean') return literal.value
  const word = wordOf(literal, as)
  if (word === 'true' || word === 'false') return word === 'true'
  throw wrong(literal, as, 'this is neither true nor false', ['true', 'false'])
}

/** What the field gives a type: text without quotes, or with. */
function wordOf(literal: Literal, { looseQuotes }: Values): string | null {
  return literal.type === 'word' || (looseQuotes && literal.type === 'text') ? literal.value : null
}

function instantOf(literal: Literal, as: Values): string {
  const written = typeof literal.value === 'string' ? literal.value : ''
  const instant = readInstant(written)
  if (instant !== null) return instant
  const plus = /\d \d\d:\d\d$/.test(written) ? '; a + in an address is a space: write %2B' : ''
  throw wrong(literal, as, `${excerpt(String(literal.value))} is no time${plus}`, instantForms)
}

/** The times that are written with this beginning: from the first one on, and before the second. */
export function bindStretch({ values: [literal] }: Test, as: Values): readonly [BoundValue, BoundValue] {
  if (literal === undefined) throw new Error('A beginning was parsed without its value')
  const stretch = readStretch(typeof literal.value === 'string' ? literal.value : '')
  if (stretch !== null) return stretch
  throw wrong(literal, as, `no time begins with ${excerpt(String(literal.value))}`, [
    'the beginning of a time, such as 2026-11 or 2026-11-22T08',
  ])
}

function jsonValue(literal: Literal, operator: string, as: Values): BoundValue {
  if (literal.type === 'null') throw wrong(literal, as, `null is not compared by ${operator}`, ['a value'])
  const value = literal.type === 'word' ? fromWord(literal.value) : literal.value
  if (typeof value === 'string') return storable(literal, value, as)
  if (
    operator !== 'eq' &&
    operator !== 'ne' &&
    operator !== 'in' &&
    (typeof value === 'boolean' || matchesText(operator))
  )
    throw wrong(literal, as, `${JSON.stringify(value)} is not compared by ${operator}`, ['a text in double quotes'])
  return typeof value === 'number' ? numberOf(literal, as) : value
}

function fromWord(word: string): string | number | boolean {
  if (word === 'true' || word === 'false') return word === 'true'
  return numberWord.test(word) ? Number(word) : word
}

const matchesText = (operator: string): boolean => operator === 'co' || operator === 'sw' || operator === 'ew'

/** The beginning of an id as SailPoint writes it, without dashes. */
function hexStart(text: string): string {
  return text.replaceAll('-', '').toLowerCase()
}

function wrong({ at }: Literal, { refuse }: Values, message: string, expected: readonly string[]): DomainError {
  return refuse({ offset: at, reason: 'invalid_value', message, expected })
}
