import { Fragment, inOnePiece, join, raw, sql } from './sql.ts'

/**
 * How a table is read: the JSON that leaves the server, made by PostgreSQL. `t` is the table's row in every expression;
 * `joins` may add what a field needs from elsewhere.
 */
export interface Projection {
  readonly table: string
  readonly fields: Fields
  readonly joins?: Fragment
  readonly kept?: Kept
  /** One object is not parsed but stays {@link JsonText}, with its row's `version` as ETag: for a view without the version. */
  readonly text?: true
}

/**
 * Members that only a write of the row changes. The row keeps their JSON in a column, which a trigger fills by
 * {@link keptText}: a list copies it, where each of these members would be made anew for each reader. They stand before
 * `fields`, which then holds what a read decides.
 */
export interface Kept {
  readonly column: string
  readonly fields: Fields
}

/** The members of an object, in order: an expression of any type, or the text of its JSON. */
export type Fields = Readonly<Record<string, Fragment>>

/** An expression whose value is the text of JSON already, never null. */
export class JsonFragment extends Fragment {}

/** The text of JSON, or null: then the object does not have the member. Never the first one of an object. */
export class OptionalFragment extends Fragment {}

const texts = new WeakMap<Fields, Fragment>()

/** A column of any type. */
export const column = (name: string): Fragment => raw(`t.${name}`)

/** Each column under its own name. */
export function columns<Name extends string>(...names: Name[]): Record<Name, Fragment> {
  return named(names, column)
}

/** Columns of the type uuid, each under its own name: written faster than by to_json. */
export function ids<Name extends string>(...names: Name[]): Record<Name, Fragment> {
  return named(names, (name) => uuid(column(name)))
}

/** Columns of the type jsonb, each under its own name: written faster than by to_json. */
export function documents<Name extends string>(...names: Name[]): Record<Name, Fragment> {
  return named(names, (name) => document(column(name)))
}

/** A time in the form of the wire. */
export const time = (name: string): Fragment => instant(column(name))

/** An expression of the type uuid. */
export const uuid = (value: Fragment): Fragment => jsonFragment(sql`coalesce('"' || ${value} || '"', 'null')`)

/** An expression of the type jsonb. */
export const document = (value: Fragment): Fragment => jsonFragment(sql`coalesce(${value}::text, 'null')`)

/** An expression of the type timestamptz, in the form of the wire. */
export const instant = (value: Fragment): Fragment =>
  jsonFragment(sql`coalesce('"' || wire_time(${value}) || '"', 'null')`)

/** One of our own words, which needs no escaping, never null. */
export const word = (value: Fragment): Fragment => jsonFragment(sql`concat('"', ${value}, '"')`)

/** Text that is JSON already, never null. */
export const json = (text: Fragment): Fragment => jsonFragment(text)

/** A member that an object only has when the expression, the text of JSON, is not null. Never the first one of an object. */
export const optional = ({ strings, values }: Fragment): Fragment => new OptionalFragment(strings, values)

export const object = (fields: Fields): Fragment => jsonFragment(objectText(fields))

/** An array with one element, the text of JSON, for each row of `from`: `array(uuid(raw('m.id')), raw('members m where …'), raw('m.id'))`. */
export const array = (element: Fragment, from: Fragment, order: Fragment): Fragment =>
  jsonFragment(sql`(select concat('[', string_agg(${element}, ',' order by ${order}), ']') from ${from})`)

/** The text of a JSON object. `concat` takes two thirds of the time of row_to_json, which looks up each type in each row. */
export function objectText(fields: Fields): Fragment {
  return remembered(fields, () => concatenation('{', fields, '}'))
}

/** The text of a row's JSON. */
export function rowText({ kept, fields }: Projection): Fragment {
  if (!kept) return objectText(fields)
  return remembered(fields, () => sql`${column(kept.column)} || ${concatenation(',', fields, '}')}`)
}

/** What the column of the kept members holds: the text of the row's JSON up to the members that a read decides. */
export function keptText({ fields }: Kept): string {
  return concatenation('{', fields, '').toStatement().text
}

function concatenation(opening: '{' | ',', fields: Fields, closing: '}' | ''): Fragment {
  const members = Object.entries(fields).map(([name, value], index) => {
    const key = raw(`'${index === 0 ? opening : ','}"${name}":'`)
    return value instanceof OptionalFragment ? sql`${key} || ${value}` : sql`${key}, ${member(value)}`
  })
  return sql`concat(${join(closing === '' ? members : [...members, raw(`'${closing}'`)], ', ')})`
}

function remembered(fields: Fields, write: () => Fragment): Fragment {
  let text = texts.get(fields)
  if (!text) texts.set(fields, (text = inOnePiece(write())))
  return text
}

function member(value: Fragment): Fragment {
  return value instanceof JsonFragment ? value : sql`coalesce(to_json(${value}), 'null')`
}

function jsonFragment({ strings, values }: Fragment): JsonFragment {
  return new JsonFragment(strings, values)
}

function named<Name extends string>(names: readonly Name[], write: (name: Name) => Fragment): Record<Name, Fragment> {
  return Object.fromEntries(names.map((name) => [name, write(name)])) as Record<Name, Fragment>
}
