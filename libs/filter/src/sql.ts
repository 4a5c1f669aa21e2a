import type { BoundFilter, BoundNode, BoundTest, BoundValue } from './bound.ts'
import { joined, raw, sql, type Expression } from './expression.ts'
import type { ManyField, ScalarField } from './fields.ts'
import { jsonTest } from './sql-json.ts'
import { textMatch } from './sql-text.ts'

/*
 * A condition over `t`. It is true for the rows that the filter names; for the others it is false or null, which `where`
 * takes alike. Under `and` and `or` null stays what is not true; `not` is `is not true`, which null does not get through.
 *
 * Without regard to case means by `fold`, a function of the database. A comparison of a stored key, of an id or of a time
 * is one of plain columns with operators that row-level security lets pass (leakproof), so that an index can serve it:
 * `lower(name) = …` would be computed only behind the policy, for every row of the tenant. Texts are ordered by code point.
 */
export function toSql({ root }: BoundFilter): Expression {
  return condition(root)
}

function condition(node: BoundNode): Expression {
  switch (node.kind) {
    case 'and':
    case 'or':
      return joined(node.terms.map(condition), node.kind)
    case 'not':
      return sql`(${condition(node.term)}) is not true`
    case 'test':
      return test(node)
    case 'element':
      return element(node.field, node.term)
    case 'count':
      return count(node.field, node.operator, node.values)
  }
}

function test({ field, key, operator, values }: BoundTest): Expression {
  if (field.kind === 'json') return jsonTest(field, key ?? '', operator, values)
  if (operator === 'isnull') return sql`${field.expression} is null`
  if (operator === 'pr')
    return field.type === 'text' && !field.of ? sql`${field.expression} <> ''` : sql`${field.expression} is not null`
  if (values.length === 0) return raw('false')
  if (field.conditions) return chosen(field.conditions, values)
  return field.type === 'text' ? textTest(field, operator, values) : valueTest(field, operator, values)
}

function chosen(conditions: Readonly<Record<string, Expression>>, values: readonly BoundValue[]): Expression {
  const asked = [...new Set(values)].map((value) => conditions[String(value)] ?? raw('false'))
  return joined(asked, 'or')
}

const comparisons = { gt: raw('>'), ge: raw('>='), lt: raw('<'), le: raw('<=') } as const
type Comparison = keyof typeof comparisons
const isComparison = (operator: string): operator is Comparison => Object.hasOwn(comparisons, operator)

function valueTest(field: ScalarField, operator: string, values: readonly BoundValue[]): Expression {
  const { expression, type } = field
  const [value = null] = values
  if (type === 'id' && operator === 'sw')
    return sql`starts_with(replace((${expression})::text, '-', ''), ${value}::text)`
  if (operator === 'in') return sql`${expression} = any(${[...values]}::${arrayType(type, values)})`
  const bound = sql`${value}::${scalarType(type, values)}`
  return isComparison(operator) ? sql`${expression} ${comparisons[operator]} ${bound}` : sql`${expression} = ${bound}`
}

function scalarType(type: ScalarField['type'], values: readonly BoundValue[]): Expression {
  if (type === 'id') return raw('uuid')
  if (type === 'time') return raw('timestamptz')
  if (type === 'boolean') return raw('boolean')
  if (type === 'text') return raw('text')
  return raw(values.every(Number.isInteger) ? 'bigint' : 'float8')
}

function arrayType(type: ScalarField['type'], values: readonly BoundValue[]): Expression {
  return sql`${scalarType(type, values)}[]`
}

/** A key that holds the beginning of the text finds what the whole text is then held against. */
function textTest(field: ScalarField, operator: string, values: readonly BoundValue[]): Expression {
  const { keyLength } = field
  if (keyLength === undefined) return wholeTextTest(field, operator, values)
  const whole = wholeTextTest({ ...field, key: undefined }, operator, values)
  if (operator !== 'eq' && operator !== 'in' && operator !== 'sw') return whole
  const beginnings = values.map((value) => [...String(value)].slice(0, keyLength).join(''))
  return sql`(${wholeTextTest(field, operator, beginnings)} and ${whole})`
}

function wholeTextTest(field: ScalarField, operator: string, values: readonly BoundValue[]): Expression {
  const { expression, caseExact, key } = field
  const [value = ''] = values
  const bound = caseExact ? sql`${value}::text` : sql`fold(${value}::text)`
  const compared = caseExact ? expression : (key ?? sql`fold(${expression})`)
  if (operator === 'eq') return sql`${compared} = ${bound}`
  if (operator === 'in') return sql`${compared} = any(${foldedArray(caseExact, values)})`
  if (operator === 'sw' && key && !caseExact) return startsWith(key, bound)
  if (isComparison(operator)) return sql`(${compared}) collate "C" ${comparisons[operator]} ${bound}`
  return textMatch(operator, compared, bound)
}

/** As a range of the index. U+10FFFF, which is no character, stands behind everything that can follow. */
function startsWith(key: Expression, start: Expression): Expression {
  return sql`${key} >= ${start} and ${key} < ${start} || chr(1114111)`
}

function foldedArray(caseExact: boolean, values: readonly BoundValue[]): Expression {
  const array = sql`${[...values]}::text[]`
  return caseExact ? array : sql`array(select fold(each) from unnest(${array}) each)`
}

function element({ from, where, array, value }: ManyField, term: BoundNode): Expression {
  if (array && value && term.kind === 'test' && term.field === value && value.caseExact && !value.conditions) {
    const asked = sql`${[...term.values]}::${arrayType(value.type, term.values)}`
    if (term.operator === 'eq') return sql`${array} @> ${asked}`
    if (term.operator === 'in') return sql`${array} && ${asked}`
  }
  return sql`exists (select from ${from} where ${where ? sql`(${where}) and ` : raw('')}(${condition(term)}))`
}

function count(field: ManyField, operator: string, values: readonly BoundValue[]): Expression {
  const { array, value } = field
  const any = array
    ? sql`cardinality(${array}) > 0`
    : sql`exists (select from ${field.from} where ${field.where ?? raw('true')})`
  if (operator === 'pr') return any
  if (operator === 'isnull') return sql`(${any}) is not true`
  const scalar = value ?? field.fields['value']
  if (!scalar) return raw('false')
  const is = (each: BoundValue): Expression =>
    element(field, { kind: 'test', name: 'value', field: scalar, key: undefined, operator: 'eq', values: [each] })
  if (operator === 'ca') return values.length === 0 ? raw('false') : joined(values.map(is), 'and')
  const [only = null] = values
  if (values.length === 0) return raw('false')
  const isIt: BoundNode = { kind: 'test', name: 'value', field: scalar, key: undefined, operator: 'eq', values: [only] }
  return joined([is(only), sql`not ${element({ ...field, array: undefined }, { kind: 'not', term: isIt })}`], 'and')
}
