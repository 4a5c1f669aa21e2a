import { column, instant as milliseconds, json, sql, type Fragment } from '#platform'

/** A time as Veza writes it, with nine digits of a second. What is stored has three; the others are zeros. */
export const instant = (value: Fragment): Fragment => json(sql`replace(${milliseconds(value)}, 'Z"', '000000Z"')`)

export const time = (name: string): Fragment => instant(column(name))
