import { text as textField } from '#filter'
import { json, object, raw, sql, type Fields, type Fragment } from '#platform'

/** A uuid as SailPoint writes most of them: 32 hexadecimal digits. */
export const hex = (id: Fragment): Fragment =>
  json(sql`coalesce('"' || replace((${id})::text, '-', '') || '"', 'null')`)

/** A text of any length. It is sorted by its beginning, since the keys of a page's last row go out in a header. */
export const longText = (
  expression: Fragment,
  options: Parameters<typeof textField>[1],
): ReturnType<typeof textField> =>
  textField(expression, { ...options, key: sql`fold(left(${expression}, 128))`, keyLength: 128 })

/** A word that is the same in every object. */
export const word = (text: string): Fragment => json(raw(`'"${text}"'`))

/** The text of an object that may be absent: `null` then. */
export const orNull = (text: Fragment): Fragment => json(sql`coalesce(${text}, 'null')`)

/** `{type, id, name}` of the one row of `from`, with the name that it has now; null when there is none. */
export const reference = (type: string, id: Fragment, name: Fragment, from: Fragment): Fragment =>
  orNull(sql`(select ${object(referenceFields(type, id, name))} from ${from})`)

export function referenceFields(type: string, id: Fragment, name: Fragment): Fields {
  return { type: word(type), id: hex(id), name }
}
