import type { DomainError } from '#kernel'
import { bindStretch, bindValues, type Values } from './bind-values.ts'
import type { BoundNode, BoundValue } from './bound.ts'
import type { FieldTable } from './field-table.ts'
import type { Field, JsonField, ManyField, ScalarField } from './fields.ts'
import { nearest } from './nearest.ts'
import { spoken, type Language, type Operator } from './operators.ts'
import { excerpt, refusal, type Refused } from './refusal.ts'
import type { ElementTest, FilterTree, Negation, Path, Test } from './tree.ts'

/*
 * What a test means, for every language and both back ends:
 *
 *   A value that is missing equals null. So `ne` is what `eq` is not, and holds for what is missing; every other test of
 *   what is missing fails. `eq null` and `isnull` ask for what is missing, of many values for none at all.
 *   `pr` holds for what is neither missing, nor empty: the empty text, the empty list, the empty object.
 *   A test of many values holds when it holds for one of them.
 */

export interface Binding {
  readonly table: FieldTable
  readonly language: Language
  readonly parameter: string
}

/** The tree with its names looked up and its values converted. @throws DomainError `invalid_filter` */
export function bind(tree: FilterTree, binding: Binding): BoundNode {
  return new Binder(binding).node(tree)
}

type Find = (path: Path) => BoundPath

interface BoundPath {
  readonly name: string
  readonly field: Field
  /** Of a JsonField its member, of a ManyField its sub-attribute. */
  readonly member?: string
}

class Binder {
  readonly #table: FieldTable
  readonly #language: Language
  readonly #parameter: string
  readonly #values: Values

  constructor({ table, language, parameter }: Binding) {
    this.#table = table
    this.#language = language
    this.#parameter = parameter
    this.#values = { refuse: (refused) => refusal(parameter, refused), looseQuotes: language === 'sailpoint' }
  }

  node(tree: FilterTree, find: Find = (path) => this.#find(path)): BoundNode {
    switch (tree.kind) {
      case 'and':
      case 'or':
        return { kind: tree.kind, terms: tree.terms.map((term) => this.node(term, find)) }
      case 'not':
        if (!this.#table.negation) throw this.#negated(tree)
        return { kind: 'not', term: this.node(tree.term, find) }
      case 'test':
        return this.#test(tree, find(tree.path))
      case 'element':
        return this.#element(tree, find(tree.path))
    }
  }

  #negated({ at }: Negation): DomainError {
    return this.#refuse({
      offset: at,
      reason: 'unsupported_operator',
      message: 'not is not taken here; tests are joined by and, or',
      expected: ['and', 'or'],
    })
  }

  #test(test: Test, { name, field, member }: BoundPath): BoundNode {
    if (field.kind === 'many') return this.#many(test, name, field, member)
    this.#allow(test, name, field.operators)
    return this.#tested(test, name, field, member)
  }

  #tested(test: Test, name: string, field: ScalarField | JsonField, key: string | undefined): BoundNode {
    const { operator } = test
    const tested = (as: Operator, values: readonly BoundValue[]): BoundNode => ({
      kind: 'test', name, field, key, operator: as, values,
    }) // prettier-ignore
    if (isNull(test)) return unless(operator === 'ne', tested('isnull', []))
    if (operator === 'pr' || operator === 'isnull') return tested(operator, [])
    if (operator === 'sw' && field.kind === 'scalar' && field.type === 'time') {
      const [from, to] = bindStretch(test, this.#values)
      return { kind: 'and', terms: [tested('ge', [from]), tested('lt', [to])] }
    }
    const values = bindValues(test, field, this.#values)
    const compared = operator === 'ne' ? 'eq' : operator
    // No row has an id that is none: that is a list of no values.
    return unless(operator === 'ne', tested(values.length === 0 ? 'in' : compared, values))
  }

  #many(test: Test, name: string, field: ManyField, member: string | undefined): BoundNode {
    if (member !== undefined) {
      const sub = own(field.fields, member)
      if (!sub) throw this.#unknown(test.path, Object.keys(field.fields), `${name}.`)
      this.#allow(test, `${name}.${member}`, sub.operators)
      return this.#anyElement(test, name, field, member, sub)
    }
    this.#allow(test, name, field.operators)
    const { operator } = test
    if (operator === 'pr') return { kind: 'count', name, field, operator, values: [] }
    if (operator === 'isnull' || isNull(test))
      return unless(operator === 'ne', { kind: 'count', name, field, operator: 'isnull', values: [] })
    const value = field.value ?? own(field.fields, 'value')
    if (!value) throw this.#unsupported(test, name, ['pr'])
    if (operator === 'ca')
      return { kind: 'count', name, field, operator, values: bindValues(test, value, this.#values) }
    if (field.rule === 'any') return this.#anyElement(test, name, field, 'value', value)
    const asked = bindValues(test, value, this.#values)
    return operator === 'co'
      ? { kind: 'element', name, field, term: { kind: 'test', name: 'value', field: value, key: undefined, operator: 'in', values: asked } }
      : unless(operator === 'ne', { kind: 'count', name, field, operator: 'eq', values: asked }) // prettier-ignore
  }

  /** `ne` is what `eq` is not for many values as well: none of them is the value. */
  #anyElement(test: Test, name: string, field: ManyField, member: string, sub: ScalarField): BoundNode {
    const negated = test.operator === 'ne'
    const tested = this.#tested(negated ? { ...test, operator: 'eq' } : test, member, sub, undefined)
    return unless(negated, { kind: 'element', name, field, term: tested })
  }

  #element(element: ElementTest, { name, field, member }: BoundPath): BoundNode {
    const { path, term } = element
    if (field.kind !== 'many' || member !== undefined)
      throw this.#refuse({
        offset: path.at,
        reason: 'unsupported_operator',
        message: `${excerpt(path.name)} is one value: brackets choose among many`,
        expected: [`${name} and an operator`],
      })
    const { fields, value } = field
    const known = value && !own(fields, 'value') ? { ...fields, value } : fields
    const find: Find = (inner) => {
      const found = inner.urn === null ? lookUp(known, inner.name, this.#anyCase) : null
      if (!found) throw this.#unknown(inner, Object.keys(known), '')
      return found
    }
    return { kind: 'element', name, field, term: this.node(term, find) }
  }

  #find(path: Path): BoundPath {
    const found = this.#table.find(path, { anyCase: this.#anyCase })
    if (found) return found
    throw this.#unknown(path, this.#table.written, '')
  }

  get #anyCase(): boolean {
    return this.#language === 'scim'
  }

  #allow(test: Test, name: string, allowed: readonly Operator[]): void {
    if (!allowed.includes(test.operator)) throw this.#unsupported(test, name, allowed)
  }

  #unsupported({ operator, operatorAt }: Test, name: string, allowed: readonly Operator[]): DomainError {
    const here: readonly string[] = spoken[this.#language]
    const expected = allowed.filter((each) => here.includes(each))
    return this.#refuse({
      offset: operatorAt,
      reason: 'unsupported_operator',
      message: `${name} is not compared by ${operator}; it takes ${expected.join(', ')}`,
      expected,
    })
  }

  #unknown(path: Path, names: readonly string[], prefix: string): DomainError {
    const written = path.urn === null ? path.name : `${path.urn}:${path.name}`
    const near = nearest(written.slice(prefix.length), names)
    const meant = near === null ? '' : `; did you mean ${prefix}${near}?`
    return this.#refuse({
      offset: path.at,
      reason: 'unknown_field',
      message: `${excerpt(written)} is no field here${meant}`,
      expected: names.map((name) => prefix + name),
    })
  }

  #refuse(refused: Refused): DomainError {
    return refusal(this.#parameter, refused)
  }
}

/** The field of a name, under the name that the table has for it. */
export function lookUp(
  fields: Readonly<Record<string, ScalarField>>,
  name: string,
  anyCase: boolean,
): BoundPath | null {
  const exact = own(fields, name)
  if (exact) return { name, field: exact }
  const lower = name.toLowerCase()
  const other = anyCase ? Object.entries(fields).find(([each]) => each.toLowerCase() === lower) : undefined
  return other ? { name: other[0], field: other[1] } : null
}

function own<T>(fields: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function unless(negated: boolean, term: BoundNode): BoundNode {
  return negated ? { kind: 'not', term } : term
}

/** `eq null` and `ne null`, without quotes. */
function isNull({ operator, values }: Test): boolean {
  const [value] = values
  const missing = value !== undefined && (value.type === 'null' || (value.type === 'word' && value.value === 'null'))
  return missing && (operator === 'eq' || operator === 'ne')
}
