import type { Place } from './types.ts'

const token = /\/\/[^\n\r]*|"[^"\\]*(?:\\.[^"\\]*)*"|[A-Za-z_]\w*|\d+/gs

/** The first whole number of a text of policies that JavaScript would round. */
export function largeNumber(text: string): Place | null {
  for (const { 0: word, index } of text.matchAll(token))
    if (/^\d/.test(word) && !Number.isSafeInteger(Number(word))) return { start: index, end: index + word.length }
  return null
}
