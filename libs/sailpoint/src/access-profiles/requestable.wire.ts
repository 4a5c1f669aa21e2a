import type { RequestableOutcome } from '#access-profiles'
import { DomainError, parseId } from '#kernel'
import { idOfNothing } from '../wire.ts'
import type { AccessProfileUpdateItem } from './access-profiles.dto.ts'

const most = 50

/** The body of the bulk update: what each profile is to be. SailPoint's own guide sends the flag as a text. */
export interface RequestableItem {
  readonly id: string
  readonly requestable: boolean
}

/** @throws DomainError `invalid_body` that names the item and its member */
export function requestableItems(body: unknown): RequestableItem[] {
  if (!Array.isArray(body))
    throw new DomainError('invalid_body', 'The body must be an array of {id, requestable}', { reason: 'syntax' })
  if (body.length > most) throw refused('', `At most ${most} profiles at once, not ${body.length}`, 'too_many')
  return body.map((item: unknown, index) => {
    const { id, requestable } = (item ?? {}) as Record<string, unknown>
    if (typeof id !== 'string' || id === '')
      throw refused(`${index}.id`, `${index}.id must be the id of a profile`, 'missing')
    const flag = requestable === 'true' ? true : requestable === 'false' ? false : requestable
    if (typeof flag !== 'boolean')
      throw refused(`${index}.requestable`, `${index}.requestable must be true or false`, 'value')
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
      : { id, requestable, status: '201', description: 'Access profile updated successfully.' },
  )
}

function refused(field: string, message: string, reason: 'missing' | 'value' | 'too_many'): DomainError {
  return new DomainError('invalid_body', message, { fields: [{ field, message, reason }] })
}
