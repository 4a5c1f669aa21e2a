import type { DomainError } from '#kernel'
import { limits } from './limits.ts'
import { excerpt, refusal, type Reason } from './refusal.ts'

const [SPACE, QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_BRACKET, CLOSE_BRACKET, COMMA] = [32, 34, 92, 40, 41, 91, 93, 44]

export const code = { SPACE, QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_BRACKET, CLOSE_BRACKET, COMMA } as const

/** 1: goes on a name; 2: begins one. */
const nameClass = new Uint8Array(128)
for (const character of '0123456789-_') nameClass[character.charCodeAt(0)] = 1
for (const character of 'abcdefghijklmnopqrstuvwxyz') {
  nameClass[character.charCodeAt(0)] = 3
  nameClass[character.toUpperCase().charCodeAt(0)] = 3
}

export const beginsName = (unit: number): boolean => unit < 128 && ((nameClass[unit] ?? 0) & 2) !== 0
export const continuesName = (unit: number): boolean => unit < 128 && nameClass[unit] !== 0

/** A text and a place in it. Units are UTF-16; behind the end there is NaN, which is no unit. */
export class Scanner {
  readonly text: string
  readonly parameter: string
  at = 0

  constructor(text: string, parameter: string) {
    this.text = text
    this.parameter = parameter
    if (text.length > limits.length)
      throw this.refuse(
        'too_long',
        limits.length,
        `it is ${text.length} characters long; at most ${limits.length} are read`,
        [`at most ${limits.length} characters`],
      )
  }

  get unit(): number {
    return this.text.charCodeAt(this.at)
  }

  get ended(): boolean {
    return this.at >= this.text.length
  }

  /** Whether there were any. */
  skipSpaces(): boolean {
    const from = this.at
    while (this.text.charCodeAt(this.at) === SPACE) this.at++
    return this.at > from
  }

  /** The end of the name that begins here; `at` itself when none does. */
  nameEnd(): number {
    const { text } = this
    let end = this.at
    if (!beginsName(text.charCodeAt(end))) return end
    do end++
    while (continuesName(text.charCodeAt(end)))
    return end
  }

  /** What stands here, up to the next space or bracket, for a message. */
  found(): string {
    if (this.ended) return 'the end'
    const end = /[\s()[\]",]/g
    end.lastIndex = this.at + 1
    return excerpt(this.text.slice(this.at, end.exec(this.text)?.index ?? this.text.length))
  }

  unexpected(...expected: readonly string[]): DomainError {
    return this.refuse('syntax', this.at, `${this.found()} where ${oneOf(expected)} was expected`, expected)
  }

  refuse(reason: Reason, offset: number, message: string, expected: readonly string[]): DomainError {
    return refusal(this.parameter, { offset, reason, message, expected })
  }
}

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
