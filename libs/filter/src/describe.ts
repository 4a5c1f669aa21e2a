import type { FieldTable } from './field-table.ts'
import type { Field } from './fields.ts'
import { limits } from './limits.ts'
import { spoken, type Language } from './operators.ts'
import type { SortStyle } from './sort.ts'

const languages = {
  scim: 'A filter of SCIM (RFC 7644, section 3.4.2.2)',
  sailpoint: 'A filter',
} as const satisfies Record<Language, string>

/** What a filter over these fields may say, in Markdown for the API's documentation. */
export function describeFilter(table: FieldTable, language: Language): string {
  const lines = [...table.fields].flatMap(([name, field]) => describeField(name, field, language))
  return `${languages[language]}, at most ${limits.length.toLocaleString('en')} characters. Fields and their operators:\n\n${lines.join('\n')}`
}

export function describeSort(table: FieldTable, style: SortStyle): string {
  const names = table.sortable.map((name) => `\`${name}\``).join(', ')
  const how =
    style === 'signed'
      ? 'Fields with commas between them, most significant first, `-` before one that descends'
      : 'Fields with commas between them, most significant first, ` desc` behind one that descends'
  return `${how}: ${names}`
}

function describeField(name: string, field: Field, language: Language): string[] {
  const here: readonly string[] = spoken[language]
  const list = (operators: readonly string[]): string => operators.filter((each) => here.includes(each)).join(' ')
  if (field.kind === 'json') return [`- \`${name}.<member>\`: ${list(field.operators)}`]
  const values = field.kind === 'scalar' ? field.of : field.value?.of
  const of = values ? `; one of ${values.map((value) => `\`${value}\``).join(', ')}` : ''
  const subs = field.kind === 'many' ? Object.entries(field.fields) : []
  return [
    `- \`${name}\`: ${list(field.operators)}${of}`,
    ...subs.map(([sub, { operators }]) => `- \`${name}.${sub}\`: ${list(operators)}`),
  ]
}
