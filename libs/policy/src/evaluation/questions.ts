import type { Question } from '../decisions/question.ts'
import { readAction, readGroup, readReference } from '../decisions/references.ts'
import type { EntityRef } from '../engine/cedar.ts'
import { fieldError } from '../findings.ts'
import type { Ask } from './evaluation.dto.ts'

/** A question of the wire, about the live policies. */
export function questionOf({
  principal,
  groups = [],
  action,
  resource,
  context = {},
}: Omit<Ask, 'validate_request'>): Question {
  return {
    principal: named('principal', readReference(principal)),
    groups: groups.map(readGroup),
    action: readAction(action),
    resource: named('resource', readReference(resource)),
    context,
  }
}

/** What a text or object names. @throws DomainError `invalid_body` */
export function named(field: string, read: EntityRef | null): EntityRef {
  if (read === null) throw fieldError(field, 'must be "type:id" or {"type": …, "id": …}')
  return read
}
