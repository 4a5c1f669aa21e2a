/*
 * JSON Pointer (RFC 6901), strict: a step leads to a member that an object has itself, or to an index in the range of an array.
 */

export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [name: string]: Json
}

/** The unescaped tokens of a pointer, or null for what is none. */
export function tokensOf(pointer: string): string[] | null {
  if (pointer === '') return []
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function pointerOf(tokens: readonly string[]): string {
  return tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The value at a place, or undefined where there is none. */
export function valueAt(document: Json, tokens: readonly string[]): Json | undefined {
  let value: Json | undefined = document
  for (const token of tokens) {
    if (value === undefined) return undefined
    value = child(value, token)
  }
  return value
}

function child(value: Json, token: string): Json | undefined {
  if (Array.isArray(value)) {
    const index = indexIn(token, value.length - 1)
    return index === null ? undefined : value[index]
  }
  return isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined
}

/** An array index (RFC 6901 section 4: no sign, no leading zero) of at most `last`, or null. */
export function indexIn(token: string, last: number): number | null {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(token)) return null
  const index = Number(token)
  return index <= last ? index : null
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
