import type { RequestableOutcome } from '#access-profiles'
import { parseId } from '#kernel'
import { malformed, wrongField } from '../refusals.ts'
import { idOfNothing } from '../wire.ts'
import type { AccessProfileUpdateItem } from './access-profiles.dto.ts'

const most = 50

/** The body of the bulk update: what each profile is to be. SailPoint's own guide sends the flag as a text. */
export interface RequestableItem {
  readonly id: string
  readonly requestable: boolean
}

/** @throws DomainError `invalid_body` that names the item and its member, also for a profile that stands there twice */
export function requestableItems(body: unknown): RequestableItem[] {
  if (!Array.isArray(body)) throw malformed('The body must be an array of {id, requestable}')
  if (body.length > most) throw wrongField('', `At most ${most} profiles at once, not ${body.length}`, 'too_many')
  const seen = new Set<string>()
  return body.map((item: unknown, index) => {
    const { id, requestable } = (item ?? {}) as Record<string, unknown>
    if (typeof id !== 'string' || id === '')
      throw wrongField(`${index}.id`, `${index}.id must be the id of a profile`, 'missing')
    const stored = parseId(id) ?? id
    if (seen.has(stored)) throw wrongField(`${index}.id`, `${index}.id: ${id.slice(0, 64)} stands there twice`, 'value')
    seen.add(stored)
    const flag = requestable === 'true' ? true : requestable === 'false' ? false : requestable
    if (typeof flag !== 'boolean')
      throw wrongField(`${index}.requestable`, `${index}.requestable must be true or false`, 'value')
    return { id, requestable: flag }
  })
}

export function storedIds(items: readonly RequestableItem[]): RequestableItem[] {
  return items.map(({ id, requestable }) => ({ id: parseId(id) ?? idOfNothing, requestable }))
}

export function updateItems(
  items: readonly RequestableItem[],
  outcomes: readonly RequestableOutcome[],
): AccessProfileUpdateItem[] {
  return items.map(({ id, requestable }, index) =>
    outcomes[index]?.outcome === 'not_found'
      ? { id, requestable, status: '404', description: `Referenced Access profile with Id "${id}" was not found.` }
      : { id, requestable, status: '201', description: 'Access Profile updated successfully.' },
  )
}
