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

/** The name of a value that another API may have kept by its number, or as something else. */
export function keptName(values: Enumeration, kept: Fragment): Fragment {
  const cases = Object.entries(values).flatMap(([name, number]) =>
    [name, number].map((each) => `when '${each}' then '${name}'`),
  )
  return sql`case ${kept} ${raw(cases.join(' '))} else 'UNSPECIFIED' end`
}
