import { raw, sql, type Fragment } from '#platform'
import type { EnumFormat, Enumeration } from './enums.ts'

/** A value as it goes out; `name` is an expression of its name. */
export function enumerated(values: Enumeration, name: Fragment, format: EnumFormat): Fragment {
  if (format === 'name') return name
  const cases = Object.entries(values).map(([each, number]) => `when '${each}' then ${number}`)
  return sql`case ${name} ${raw(cases.join(' '))} else 0 end`
}

/** The name of a domain's word. */
export const nameOf = (word: Fragment): Fragment => sql`upper(${word})`
