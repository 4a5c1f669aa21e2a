const token = /\/\/[^\n]*|"(?:[^"\\]|\\.)*"|[(){}[\];]/g
const closing = new Set([')', '}', ']'])
const opening = new Set(['(', '{', '['])

/** The pieces of a Cedar text, one for each policy and template, with their places: each ends with its semicolon. */
export function segments(text: string): { offset: number; text: string }[] {
  const found: { offset: number; text: string }[] = []
  let depth = 0
  let start = 0
  for (const { 0: word, index } of text.matchAll(token)) {
    if (opening.has(word)) depth++
    else if (closing.has(word)) depth--
    else if (word === ';' && depth === 0) {
      found.push({ offset: start, text: text.slice(start, index + 1) })
      start = index + 1
    }
  }
  return found
}
