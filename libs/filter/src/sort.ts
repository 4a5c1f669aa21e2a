import { DomainError } from '#kernel'
import { BoundSort, type BoundSortKey } from './bound.ts'
import type { FieldTable } from './field-table.ts'
import { limits } from './limits.ts'
import { nearest } from './nearest.ts'
import { excerpt } from './refusal.ts'

/** How an order is written: `name,-created_at` (ours and SailPoint's) or `name, created_at desc` (AIP-132, Veza's). */
export type SortStyle = 'signed' | 'worded'

/**
 * An order over the sortable fields of a list, most significant first. What is missing counts as greater than everything:
 * last, and first where the order descends.
 * @throws DomainError `invalid_parameter` with details `{parameter, allowed}`
 */
export function readSort(text: string, table: FieldTable, style: SortStyle, parameter = 'sort'): BoundSort {
  const allowed = table.sortable
  const refuse = (message: string): DomainError =>
    new DomainError('invalid_parameter', `${parameter}: ${message}; the fields are ${allowed.join(', ')}`, {
      parameter,
      allowed,
    })
  if (text.length > limits.sortLength) throw refuse(`longer than ${limits.sortLength} characters`)
  const keys: BoundSortKey[] = []
  for (const part of text.split(',')) {
    const { name, descending } = style === 'signed' ? signed(part.trim()) : worded(part.trim())
    const field = table.fields.get(name)
    if (field?.kind !== 'scalar' || !field.sortable) {
      if (style === 'worded' && allowed.includes(name.split(' ')[0] ?? ''))
        throw refuse(`behind a field stands asc, desc or nothing, not as in ${excerpt(name)}`)
      const near = nearest(name, allowed)
      throw refuse(`nothing is sorted by ${excerpt(name)}${near === null ? '' : `, did you mean ${near}?`}`)
    }
    if (keys.some((key) => key.name === name)) throw refuse(`${name} stands there twice`)
    keys.push({ name, field, descending })
  }
  return new BoundSort(text, keys)
}

function signed(part: string): { name: string; descending: boolean } {
  return part.startsWith('-') ? { name: part.slice(1), descending: true } : { name: part, descending: false }
}

function worded(part: string): { name: string; descending: boolean } {
  const [, name = part, direction = 'asc'] = /^([^ ]+)(?: +(asc|desc))?$/.exec(part) ?? []
  return { name, descending: direction === 'desc' }
}
