import type { Scanner } from './scanner.ts'

const [QUOTE, BACKSLASH, LETTER_U] = [34, 92, 117]
// All but quotes, backslashes and what stands before the space. The engine's own loop is faster than one of ours.
const plainUnits = /[ !#-[\]-\uffff]*/y
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const numberUnits = /[-+.\w]+/y
const hexForm = /^[0-9a-fA-F]{4}$/

const escapes = new Map([
  [34, '"'],
  [92, '\\'],
  [47, '/'],
  [98, '\b'],
  [102, '\f'],
  [110, '\n'],
  [114, '\r'],
  [116, '\t'],
])

/** A JSON string (RFC 8259 section 7), decoded; the scanner stands on its opening quote and goes behind the closing one. */
export function readJsonText(scanner: Scanner): string {
  const { text } = scanner
  const from = scanner.at
  let decoded = ''
  let start = from + 1
  for (;;) {
    plainUnits.lastIndex = start
    plainUnits.test(text)
    const at = plainUnits.lastIndex
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) {
      scanner.at = at + 1
      return decoded === '' ? text.slice(start, at) : decoded + text.slice(start, at)
    }
    if (unit !== BACKSLASH) throw broken(scanner, from, at)
    decoded += text.slice(start, at) + readEscape(scanner, at)
    start = at + (text.charCodeAt(at + 1) === LETTER_U ? 6 : 2)
  }
}

function readEscape(scanner: Scanner, at: number): string {
  const { text } = scanner
  const unit = text.charCodeAt(at + 1)
  const simple = escapes.get(unit)
  if (simple !== undefined) return simple
  const hex = text.slice(at + 2, at + 6)
  if (unit === LETTER_U && hexForm.test(hex)) return String.fromCharCode(Number.parseInt(hex, 16))
  throw scanner.refuse('syntax', at, 'this backslash begins none of the escapes of JSON', [
    String.raw`\" \\ \/ \b \f \n \r \t`,
    String.raw`\u and four hexadecimal digits`,
  ])
}

function broken(scanner: Scanner, from: number, at: number): Error {
  return at >= scanner.text.length
    ? scanner.refuse('syntax', at, `the text that begins at offset ${from} does not end`, ['"'])
    : scanner.refuse('syntax', at, 'a control character in a text', ['its escape, such as \\n or \\u0007'])
}

/** A JSON number (RFC 8259 section 6); the scanner stands on its first digit or sign and goes behind it. */
export function readJsonNumber(scanner: Scanner): number {
  const { text, at } = scanner
  numberUnits.lastIndex = numberForm.lastIndex = at
  const written = numberUnits.exec(text)?.[0] ?? ''
  if (numberForm.exec(text)?.[0] !== written)
    throw scanner.refuse('syntax', at, `${scanner.found()} is no number of JSON`, [
      'a number such as 10, -1.5 or 2e3',
      'a text in double quotes',
    ])
  scanner.at = at + written.length
  return Number(written) || 0
}
