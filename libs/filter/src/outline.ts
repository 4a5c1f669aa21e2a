import type { FilterTree, Literal, Path } from './tree.ts'

/** A tree in one line, for tests and logs: `(and (eq name "x") (not (pr tags)))`. */
export function outline(tree: FilterTree): string {
  switch (tree.kind) {
    case 'and':
    case 'or':
      return `(${tree.kind} ${tree.terms.map(outline).join(' ')})`
    case 'not':
      return `(not ${outline(tree.term)})`
    case 'element':
      return `(element ${pathOf(tree.path)} ${outline(tree.term)})`
    case 'test':
      return `(${[tree.operator, pathOf(tree.path), ...tree.values.map(literal)].join(' ')})`
  }
}

function pathOf({ urn, name }: Path): string {
  return urn === null ? name : `${urn}:${name}`
}

function literal({ type, value }: Literal): string {
  return type === 'word' ? value : JSON.stringify(value)
}
