import { isDeepStrictEqual } from 'node:util'
import { subAdministrator, type CreateSource, type SourceFields, type Stored } from '#directory'
import { DomainError, type Actor } from '#kernel'
import type { JsonText } from '#platform'
import { changedMembers, type JsonObject, type PatchRules } from '../../json-patch/index.ts'
import { wrongField } from '../../refusals.ts'
import { hexId } from '../../wire.ts'
import { SourceChange, type Source, type SourceQuery, type TaskReference } from './sources.dto.ts'
import { keptFields } from './sources.fields.ts'

/** What cannot be changed any more, beside what the server sets. */
const immutable = ['type', 'authoritative', 'connector', 'connectorClass', 'passwordPolicies'] as const

const own = ['name', 'description', 'owner', 'features', 'connectorAttributes', 'managementWorkgroup']
const rules: PatchRules = {
  roots: [...own, ...keptFields.filter((name) => !(immutable as readonly string[]).includes(name))],
  flags: ['healthy', 'credentialProviderEnabled'],
}

type SourceEdit = (seen: JsonText, before: Stored<SourceFields>) => Partial<CreateSource>

export function newSource(body: Source, provisionAsCsv: boolean): CreateSource {
  const { name, connector } = body
  return { ...changeOf(body, {}), name, connector, ...(provisionAsCsv && { type: 'DelimitedFile' }) }
}

/** The whole source is what the body says. What cannot be changed may stand in it as it is, or be left out. */
export function replacement(body: Source): SourceEdit {
  return (seen, before) => {
    const now = seen.toJSON() as Readonly<Record<string, unknown>>
    const changed = immutable.find((name) => body[name] !== undefined && !isDeepStrictEqual(body[name], now[name]))
    if (changed !== undefined) throw wrongField(changed, `Illegal attempt to modify "${changed}" field.`, 'immutable')
    const { type, authoritative, connector } = before
    const unset = { description: null, features: [], connectorAttributes: {}, managementWorkgroup: null }
    const extensions = { ...before.extensions, sailpoint: immutableOf(before.extensions['sailpoint']) }
    return { extensions, ...changeOf({ ...unset, ...body }, extensions), type, authoritative, connector }
  }
}

export function change(operations: unknown): SourceEdit {
  return (seen, before) =>
    changeOf(changedMembers(SourceChange, seen.toJSON() as JsonObject, operations, rules), before.extensions)
}

export function taskReference(id: string): TaskReference {
  return { type: 'TASK_RESULT', id: hexId(id), name: null }
}

/** @throws DomainError `forbidden` for a sub-administrator who does not say that it asks for its own */
export function subAdministratorIn(actor: Actor, query: SourceQuery): string | null {
  const named = query['for-subadmin'] ?? null
  if (named === null && subAdministrator(actor) !== null)
    throw new DomainError('forbidden', 'A sub-administrator lists its own sources: say for-subadmin=me')
  return named
}

function immutableOf(kept: unknown): object {
  return Object.fromEntries(Object.entries(kept ?? {}).filter(([name]) => immutable.some((each) => each === name)))
}

/** Ours for what is given of theirs. */
function changeOf(body: SourceChange, extensions: Readonly<Record<string, unknown>>): Partial<CreateSource> {
  const { name, description, owner, managementWorkgroup, features, connectorAttributes, type, authoritative } = body
  const given = new Map(Object.entries(body))
  const kept = keptFields.flatMap((field) => (given.get(field) === undefined ? [] : [[field, given.get(field)]]))
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description: description === '' ? null : description }),
    ...(type !== undefined && { type }),
    ...(features !== undefined && { features }),
    ...(authoritative !== undefined && { authoritative }),
    ...(owner !== undefined && { owner_id: owner?.id ?? null }),
    ...(managementWorkgroup !== undefined && { management_group_id: managementWorkgroup?.id ?? null }),
    ...(connectorAttributes !== undefined && { attributes: connectorAttributes }),
    ...(kept.length > 0 && { extensions: withKept(extensions, Object.fromEntries(kept) as object) }),
  }
}

function withKept({ sailpoint, ...others }: Readonly<Record<string, unknown>>, kept: object): Record<string, unknown> {
  return { ...others, sailpoint: { ...(sailpoint as object | undefined), ...kept } }
}
