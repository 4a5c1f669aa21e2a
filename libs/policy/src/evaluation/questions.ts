import type { Question } from '../decisions/question.ts'
import { readAction, readGroup, readReference } from '../decisions/references.ts'
import type { EntityRef } from '../engine/cedar.ts'
import { fieldError } from '../findings.ts'
import type { Ask } from './evaluation.dto.ts'

// A decision is recorded, and found by these ids: an index holds no longer ones.
const mostBytes = 2048

/** A question of the wire, about the live policies. @throws DomainError `invalid_body` */
export function questionOf({
  principal,
  groups = [],
  action,
  resource,
  context = {},
}: Omit<Ask, 'validate_request'>): Question {
  return {
    principal: storable('principal', named('principal', readReference(principal))),
    groups: groups.map(groupOf),
    action: storable('action', readAction(action)),
    resource: storable('resource', named('resource', readReference(resource))),
    context,
  }
}

function groupOf(given: string | EntityRef): EntityRef {
  const group = readGroup(given)
  if (group.type === 'Group') return group
  throw fieldError('groups', `must be groups: ids, names or {"type": "Group", "id": …}, which ${group.type} is not`)
}

function storable(field: string, ref: EntityRef): EntityRef {
  if (ref.id !== '' && Buffer.byteLength(ref.id) <= mostBytes && !/\p{Cc}/u.test(ref.id)) return ref
  throw fieldError(field, `must have an id of 1 to ${mostBytes} bytes of UTF-8, without control characters`)
}

/** What a text or object names. @throws DomainError `invalid_body` */
export function named(field: string, read: EntityRef | null): EntityRef {
  if (read === null) throw fieldError(field, 'must be "type:id" or {"type": …, "id": …}')
  return read
}
