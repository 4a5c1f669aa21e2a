import type { DeclarationKind } from './built-in.ts'

/** `entity User`, `type Ticket`, `action deploy`. */
export type DeclaredName = `${DeclarationKind} ${string}`

const token = /\/\/[^\n]*|"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|[{}(),;@]/g
const isKind = (word: string): word is DeclarationKind => ['entity', 'type', 'action'].includes(word)
const isName = (word: string): boolean => /^["A-Za-z_]/.test(word)

/**
 * What a schema text declares outside of namespaces. Reads as much of the grammar as names need: Cedar itself parses the
 * text, and finds what is wrong with it.
 */
export function declaredNames(text: string): Set<DeclaredName> {
  const names = new Set<DeclaredName>()
  let depth = 0
  // Between statements; in an annotation's name; where a name comes, or after it; in the rest of a statement.
  let place: 'start' | 'annotation' | 'name' | 'named' | 'rest' = 'start'
  let kind: DeclarationKind | 'namespace' = 'namespace'
  for (const [word] of text.matchAll(token)) {
    if (word.startsWith('//')) continue
    if (word === '{' || word === '(') {
      depth++
      if (place === 'named') place = 'rest'
    } else if (word === '}' || word === ')') {
      depth--
      if (depth === 0 && kind === 'namespace' && place === 'rest') place = 'start'
    } else if (depth > 0) continue
    else if (word === ';') place = 'start'
    else if (word === '@') place = 'annotation'
    else if (place === 'annotation') place = 'start'
    else if (place === 'start') {
      kind = isKind(word) ? word : 'namespace'
      place = kind === 'namespace' ? 'rest' : 'name'
    } else if (place === 'name' && isName(word) && kind !== 'namespace') {
      names.add(`${kind} ${word.replaceAll('"', '')}`)
      place = 'named'
    } else if (place === 'named') place = word === ',' ? 'name' : 'rest'
  }
  return names
}
