import type { BoundFilter, BoundNode, BoundTest, BoundValue } from './bound.ts'
import type { ManyField, ScalarField } from './fields.ts'
import { compareTexts, fold } from './fold.ts'
import { readInstant } from './instant.ts'

/** Whether an object, in the shape of the wire, is one that the filter names: the twin of `toSql`. */
export function matches({ root }: BoundFilter, object: object): boolean {
  return holds(root, object, false)
}

/** `inside`: the object is one of many values, and is the value itself where it has no members. */
function holds(node: BoundNode, object: unknown, inside: boolean): boolean {
  switch (node.kind) {
    case 'and':
      return node.terms.every((term) => holds(term, object, inside))
    case 'or':
      return node.terms.some((term) => holds(term, object, inside))
    case 'not':
      return !holds(node.term, object, inside)
    case 'test':
      return tested(node, found(node, object, inside))
    case 'element':
      return many(node.field, node.name, object).some((each) => holds(node.term, each, true))
    case 'count':
      return counted(node, many(node.field, node.name, object))
  }
}

function found({ field, name, key }: BoundTest, object: unknown, inside: boolean): unknown {
  if (field.read) return field.read(object as object)
  if (inside && (typeof object !== 'object' || object === null)) return object
  const value = at(object, inside ? [name] : name.split('.'))
  return key === undefined ? value : at(value, [key])
}

function many({ read }: ManyField, name: string, object: unknown): unknown[] {
  const value = read ? read(object as object) : at(object, name.split('.'))
  return Array.isArray(value) ? value : []
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    object,
  )
}

function tested({ field, operator, values }: BoundTest, value: unknown): boolean {
  if (field.kind === 'json') return jsonTested(operator, values, value, field.caseExact)
  if (operator === 'isnull') return value == null
  if (operator === 'pr') return value != null && !(field.type === 'text' && !field.of && value === '')
  return value != null && values.some((wanted) => compared(operator, value, wanted, field))
}

function compared(operator: string, value: unknown, wanted: BoundValue, { type, caseExact, of }: ScalarField): boolean {
  if (type === 'text') return textCompared(operator, String(value), String(wanted), caseExact || of !== undefined)
  if (type === 'time') return textCompared(operator, readInstant(String(value)) ?? '', String(wanted), true)
  if (type === 'id' && operator === 'sw') return String(value).replaceAll('-', '').startsWith(String(wanted))
  if (type === 'id') return textCompared(operator, String(value), String(wanted), true)
  if (type === 'boolean') return value === wanted
  return ordered(operator, Number(value) - Number(wanted))
}

function textCompared(operator: string, value: string, wanted: string, caseExact: boolean): boolean {
  const [left, right] = caseExact ? [value, wanted] : [fold(value), fold(wanted)]
  if (operator === 'co') return left.includes(right)
  if (operator === 'sw') return left.startsWith(right)
  if (operator === 'ew') return left.endsWith(right)
  return ordered(operator, compareTexts(left, right))
}

function ordered(operator: string, difference: number): boolean {
  if (operator === 'gt') return difference > 0
  if (operator === 'ge') return difference >= 0
  if (operator === 'lt') return difference < 0
  if (operator === 'le') return difference <= 0
  return difference === 0
}

function jsonTested(operator: string, values: readonly BoundValue[], value: unknown, caseExact: boolean): boolean {
  if (operator === 'isnull') return value == null || isEmptyList(value)
  if (operator === 'pr') return value != null && value !== '' && !isEmptyList(value) && !isEmptyObject(value)
  const each: readonly unknown[] = Array.isArray(value) ? value : [value]
  return each.some((one) => values.some((wanted) => jsonCompared(operator, one, wanted, caseExact)))
}

function jsonCompared(operator: string, value: unknown, wanted: BoundValue, caseExact: boolean): boolean {
  if (typeof value === 'string' && typeof wanted === 'string') return textCompared(operator, value, wanted, caseExact)
  if (typeof value === 'number' && typeof wanted === 'number') return ordered(operator, value - wanted)
  return typeof value === 'boolean' && value === wanted
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0
const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0

function counted({ field, operator, values }: Extract<BoundNode, { kind: 'count' }>, all: readonly unknown[]): boolean {
  if (operator === 'pr') return all.length > 0
  if (operator === 'isnull') return all.length === 0
  const scalar = field.value ?? field.fields['value']
  if (!scalar || values.length === 0) return false
  const is = (value: unknown, wanted: BoundValue): boolean =>
    holds({ kind: 'test', name: 'value', field: scalar, key: undefined, operator: 'eq', values: [wanted] }, value, true)
  if (operator === 'ca') return values.every((wanted) => all.some((value) => is(value, wanted)))
  const [only = null] = values
  return all.length > 0 && all.every((value) => is(value, only))
}
