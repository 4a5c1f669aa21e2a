import type { Language } from './operators.ts'
import type { FilterTree, Literal, Path, Test } from './tree.ts'

/** The text of a tree in a language that can say it: parsed, it is the tree again. */
export function print(tree: FilterTree, language: Language): string {
  switch (tree.kind) {
    case 'or':
      return tree.terms
        .map((term) => (term.kind === 'or' ? grouped(term, language) : print(term, language)))
        .join(' or ')
    case 'and':
      return tree.terms.map((term) => ('terms' in term ? grouped(term, language) : print(term, language))).join(' and ')
    case 'not':
      return `not ${grouped(tree.term, language)}`
    case 'element':
      return `${pathOf(tree.path)}[${print(tree.term, language)}]`
    case 'test':
      return printTest(tree, language)
  }
}

function grouped(tree: FilterTree, language: Language): string {
  return `(${print(tree, language)})`
}

function printTest({ path, operator, values }: Test, language: Language): string {
  const written = values.map((value) => literal(value, language))
  if (operator === 'pr' && language === 'sailpoint') return `pr ${pathOf(path)}`
  const list = operator === 'in' || operator === 'ca' ? [`(${written.join(', ')})`] : written
  return [pathOf(path), operator, ...list].join(' ')
}

function pathOf({ urn, name }: Path): string {
  return urn === null ? name : `${urn}:${name}`
}

function literal({ type, value }: Literal, language: Language): string {
  if (type === 'word') return value
  if (type === 'text' && language === 'sailpoint') return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
  return JSON.stringify(value)
}
