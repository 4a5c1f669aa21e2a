import { raw, sql, type Expression } from './expression.ts'
import type { Operator } from './operators.ts'

/*
 * A field table says what a list can be filtered and sorted by, and stands in the resource's *.fields.ts:
 *
 *   export const grantFilter = new FieldTable({
 *     id: id(raw('t.id')),
 *     'resource.type': text(raw('t.resource_type'), { caseExact: true }),
 *     name: text(raw('t.name'), { key: raw('t.name_key'), sortable: true }),
 *     state: choice({ active: isLive, revoked: raw(`t.state = 'revoked'`) }),
 *     expires_at: instant(raw('t.expires_at'), { nullable: true, sortable: true }),
 *     attributes: json(raw('t.attributes')),                        // attributes.department eq "R&D"
 *     labels: texts(raw('t.labels')),                              // and uuids(…) for a column of the type uuid[]
 *     members: elements({ from: raw('members m'), where: raw('m.group_id = t.id'), value: id(raw('m.identity_id')) }),
 *   })
 *
 * Names are those of the wire. What the table does not name, and each operator that a field does not list, is refused.
 */

export type FieldType = 'text' | 'id' | 'number' | 'boolean' | 'time'

/** What the value of one field is, and where it is found. */
export interface ScalarField {
  readonly kind: 'scalar'
  readonly type: FieldType
  readonly expression: Expression
  /** Of a text that is compared without regard to case: a stored column that holds `fold(expression)`, so that an index can serve. */
  readonly key: Expression | undefined
  /** How many characters of the text the key holds the folded form of; all of them when undefined. */
  readonly keyLength: number | undefined
  readonly caseExact: boolean
  /** The only values there are. */
  readonly of: readonly string[] | undefined
  /** The condition of each value, for a field that is computed. */
  readonly conditions: Readonly<Record<string, Expression>> | undefined
  readonly operators: readonly Operator[]
  readonly nullable: boolean
  readonly sortable: boolean
  /** Where the twin finds the value in an object; by default under the field's name, each dot one level deeper. */
  readonly read: ((object: object) => unknown) | undefined
}

/** A member of an object of free form, named behind a dot. Its values are JSON: a text, a number, a boolean, or a list of them. */
export interface JsonField {
  readonly kind: 'json'
  readonly expression: Expression
  readonly caseExact: boolean
  readonly operators: readonly Operator[]
  readonly read: ((object: object) => unknown) | undefined
}

/**
 * Many values. `any` is SCIM's rule: a test holds when it holds for one of them. `membership` is Veza's: `co` asks whether
 * the value is one of them, `eq` whether it is the only one. SailPoint's `ca` asks for all of the values listed.
 */
export interface ManyField {
  readonly kind: 'many'
  readonly rule: 'any' | 'membership'
  /** Rows, one for each value. */
  readonly from: Expression
  /** Which of them belong to `t`. */
  readonly where: Expression | undefined
  /** The array itself, when the values stand in one. */
  readonly array: Expression | undefined
  /** The value of a row; absent when a row is an object. */
  readonly value: ScalarField | undefined
  /** The sub-attributes of a row: `emails[type eq "work"]`, `emails.value eq "x"`. */
  readonly fields: Readonly<Record<string, ScalarField>>
  readonly operators: readonly Operator[]
  readonly read: ((object: object) => unknown) | undefined
}

export type Field = ScalarField | JsonField | ManyField

interface Options {
  /** Fewer operators than the type has; a dialect lists what its original has. */
  readonly operators?: readonly Operator[]
  readonly read?: (object: object) => unknown
}

interface ScalarOptions extends Options {
  readonly nullable?: boolean
  readonly sortable?: boolean
}

interface TextOptions extends ScalarOptions {
  readonly caseExact?: boolean
  readonly key?: Expression
  readonly keyLength?: number
  readonly of?: readonly string[]
}

const equality = ['eq', 'ne', 'in', 'pr', 'isnull'] as const
const ordering = ['gt', 'ge', 'lt', 'le'] as const
const matching = ['co', 'sw', 'ew'] as const

/** Text; compared without regard to case unless `caseExact`. With `of` one of these, and nothing else is taken. */
export function text(expression: Expression, options: TextOptions = {}): ScalarField {
  const { caseExact = options.of !== undefined, key, keyLength, of } = options
  const usual = of ? equality : [...equality, ...matching, ...ordering]
  return { ...scalar('text', expression, usual, options), caseExact, key, keyLength, of }
}

/** A uuid, read with or without dashes in any case. A text that is no uuid is the id of nothing: no row has it. */
export function id(expression: Expression, options: ScalarOptions = {}): ScalarField {
  return scalar('id', expression, equality, options)
}

export function number(expression: Expression, options: ScalarOptions = {}): ScalarField {
  return scalar('number', expression, [...equality, ...ordering], options)
}

export function flag(expression: Expression, options: ScalarOptions = {}): ScalarField {
  return scalar('boolean', expression, ['eq', 'ne', 'pr', 'isnull'], options)
}

/** An instant; compared as such, whatever offset it is written with. `sw`, where it is listed, takes a year, a month, a day and so on. */
export function instant(expression: Expression, options: ScalarOptions = {}): ScalarField {
  return scalar('time', expression, [...equality, ...ordering], options)
}

/** One of the named values, each with the condition under which a row has it: for states that follow from the clock. */
export function choice(conditions: Readonly<Record<string, Expression>>, options: Options = {}): ScalarField {
  const of = Object.keys(conditions)
  return { ...scalar('text', raw('null'), ['eq', 'ne', 'in'], options), caseExact: true, of, conditions }
}

/** Members of a jsonb column: `attributes.department`. Keys are exact; texts are compared without regard to case unless `caseExact`. */
export function json(expression: Expression, options: Options & { readonly caseExact?: boolean } = {}): JsonField {
  const { caseExact = false, operators = [...equality, ...matching, ...ordering], read } = options
  return { kind: 'json', expression, caseExact, operators, read }
}

interface ManyOptions extends Options {
  readonly rule?: ManyField['rule']
}

/** A column of the type text[]. */
export function texts(
  array: Expression,
  options: ManyOptions & { readonly caseExact?: boolean; readonly of?: readonly string[] } = {},
): ManyField {
  const { caseExact = true, of } = options
  return inArray(array, text(raw('e.value'), { caseExact, ...(of && { of }) }), options)
}

/** A column of the type uuid[]. */
export function uuids(array: Expression, options: ManyOptions = {}): ManyField {
  return inArray(array, id(raw('e.value')), options)
}

/** Rows of another table: `value` is what one of them is, `fields` what it has; either or both. */
export function elements({
  from,
  where,
  value,
  fields = {},
  ...options
}: ManyOptions & {
  readonly from: Expression
  readonly where?: Expression
  readonly value?: ScalarField
  readonly fields?: Readonly<Record<string, ScalarField>>
}): ManyField {
  const { rule = 'any', read } = options
  const operators = manyOperators(value, options)
  return { kind: 'many', rule, from, where, array: undefined, value, fields, operators, read }
}

function inArray(array: Expression, value: ScalarField, options: ManyOptions): ManyField {
  const { rule = 'any', read } = options
  const from = sql`unnest(${array}) e(value)`
  const operators = manyOperators(value, options)
  return { kind: 'many', rule, from, where: undefined, array, value, fields: {}, operators, read }
}

function manyOperators(value: ScalarField | undefined, { rule, operators }: ManyOptions): readonly Operator[] {
  if (operators) return operators
  if (!value) return ['pr', 'isnull']
  return rule === 'membership' ? ['co', 'eq', 'ne', 'ca', 'pr', 'isnull'] : [...value.operators, 'ca']
}

function scalar(
  type: FieldType,
  expression: Expression,
  usual: readonly Operator[],
  { operators = usual, nullable = false, sortable = false, read }: ScalarOptions,
): ScalarField {
  return {
    kind: 'scalar', type, expression, operators, nullable, sortable, read,
    key: undefined, keyLength: undefined, caseExact: true, of: undefined, conditions: undefined,
  } // prettier-ignore
}
