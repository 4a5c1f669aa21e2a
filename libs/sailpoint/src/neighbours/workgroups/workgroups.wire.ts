import type { CreateGroup, MemberOutcome } from '#directory'
import { parseId, type DomainError } from '#kernel'
import type { JsonText } from '#platform'
import { changedMembers, type JsonObject } from '../../json-patch/index.ts'
import { malformed, wrongField } from '../../refusals.ts'
import { hexId, idOfNothing } from '../../wire.ts'
import { WorkgroupChange, type WorkgroupDto, type WorkgroupItem } from './workgroups.dto.ts'

const rules = { roots: ['name', 'description', 'owner'] }
const mostMembers = 500

export function newGroup(body: WorkgroupDto): CreateGroup {
  return { ...changeOf(body), name: body.name }
}

export function change(operations: unknown) {
  return (seen: JsonText): Partial<CreateGroup> =>
    changeOf(changedMembers(WorkgroupChange, seen.toJSON() as JsonObject, operations, rules))
}

function changeOf({ name, description, owner }: WorkgroupChange): Partial<CreateGroup> {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description: description === '' ? null : description }),
    ...(owner !== undefined && { owner_id: owner?.id ?? null }),
  }
}

/**
 * The identities of `[{type, id, name}]`, each once; one that is no id is nobody's.
 * @throws DomainError `invalid_body` that names the item
 */
export function memberIds(body: unknown): string[] {
  if (!Array.isArray(body)) throw malformed('The body must be an array of {type, id}')
  if (body.length > mostMembers)
    throw wrongField('', `At most ${mostMembers} members at once, not ${body.length}`, 'too_many')
  const ids = body.map((item: unknown, index) => {
    const { type = 'IDENTITY', id } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>
    if (type !== 'IDENTITY' && type !== null)
      throw wrongField(`${index}.type`, `${index}.type must be IDENTITY`, 'value')
    if (typeof id !== 'string' || id === '')
      throw wrongField(`${index}.id`, `${index}.id must be the id of an identity`, 'missing')
    return id.slice(0, 64)
  })
  return [...new Set(ids)]
}

export function storedIds(ids: readonly string[]): string[] {
  return ids.map((id) => parseId(id) ?? idOfNothing)
}

const added = {
  done: { status: 201, description: 'Identity is added into Governance Group members list.' },
  unchanged: { status: 409, description: 'Identity is already member of Governance Group.' },
  absent: { status: 404, description: 'Identity is not found.' },
} as const satisfies Record<MemberOutcome, Omit<WorkgroupItem, 'id'>>

const taken = {
  done: { status: 204, description: 'Identity is removed from Governance Group members list.' },
  unchanged: { status: 404, description: 'Identity is not member of Governance Group.' },
  absent: { status: 404, description: 'Identity is not member of Governance Group.' },
} as const satisfies Record<MemberOutcome, Omit<WorkgroupItem, 'id'>>

export function additions(ids: readonly string[], outcomes: readonly MemberOutcome[]): WorkgroupItem[] {
  return ids.map((id, index) => ({ id, ...added[outcomes[index] ?? 'absent'] }))
}

export function removals(ids: readonly string[], outcomes: readonly MemberOutcome[]): WorkgroupItem[] {
  return ids.map((id, index) => ({ id, ...taken[outcomes[index] ?? 'absent'] }))
}

export function deletions(ids: readonly string[], outcomes: readonly ('done' | DomainError)[]): WorkgroupItem[] {
  return ids.map((id, index) => ({ id: hexId(id), ...deletion(outcomes[index] ?? 'done') }))
}

function deletion(outcome: 'done' | DomainError): Omit<WorkgroupItem, 'id'> {
  if (outcome === 'done') return { status: 204, description: 'Governance Group deleted successfully.' }
  return { status: outcome.status, description: outcome.message }
}
