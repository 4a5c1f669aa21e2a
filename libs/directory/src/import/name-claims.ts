import type { Fields } from '../kind.fields.ts'
import type { NameHolder } from '../objects.repository.ts'
import type { Draft } from './drafts.ts'
import type { NamedLine } from './import.dto.ts'
import type { LineFailure, LineOutcome } from './import-types.ts'

export interface NameClaims {
  /** By the draft's id. */
  readonly refused: ReadonlyMap<string, LineOutcome>
  /** Stored objects whose names go to others of the batch, and that are given other names by it. */
  readonly passedOn: readonly string[]
}

/**
 * Who of a batch cannot have its name, where no two objects have the same. Names are given up and taken in the order of
 * the lines; one that a stored object has may become free by that object's own line.
 */
export function claimNames<F extends Fields, Line extends NamedLine>(
  kind: string,
  drafts: readonly Draft<F, Line>[],
  holders: readonly NameHolder[],
): NameClaims {
  const held = new Map(holders.map((holder) => [holder.name, holder]))
  const settled = new Set<string>()
  const givenUp = new Map<string, string>()
  const refused = new Map<string, LineOutcome>()
  const passedOn: string[] = []
  for (const { id, before, fields } of drafts) {
    const { name, external_id } = fields
    const holder = held.get(name)
    if (holder !== undefined && holder.id !== id) {
      refused.set(id, notFree(kind, holder, settled.has(holder.id)))
      continue
    }
    settled.add(id)
    if (before?.name === name) continue
    const former = givenUp.get(name)
    if (former !== undefined) passedOn.push(former)
    if (before !== null && held.delete(before.name)) givenUp.set(before.name, id)
    held.set(name, { id, name, external_id })
  }
  return { refused, passedOn }
}

function notFree(kind: string, { name, external_id }: NameHolder, settled: boolean): LineOutcome {
  const failure: LineFailure = {
    code: 'already_exists',
    message: `name: another ${kind} has the name ${JSON.stringify(name)}`,
  }
  return settled || external_id === null ? { is: 'failed', failure } : { is: 'waiting', for: external_id, failure }
}
