import type { NameHolder } from '../objects.repository.ts'
import type { LineFailure, LineOutcome } from './import-types.ts'

/** An object of a batch and the name that its line gives it; `before` is the one that it has. */
export interface NameClaim {
  readonly id: string
  readonly external_id: string
  readonly name: string
  readonly before: string | null
}

export interface NameClaims {
  /** By the claim's id. */
  readonly refused: ReadonlyMap<string, LineOutcome>
  /** Stored objects whose names go to others of the batch, and that are given other names by it. */
  readonly passedOn: readonly string[]
}

/**
 * Who of a batch cannot have its name, where no two objects have the same as `compared`. The first line that wants a name
 * gets it, unless a stored object keeps it: one that has no line in the batch that gives it up, or whose line is refused.
 */
export function claimNames(
  kind: string,
  claims: readonly NameClaim[],
  holders: readonly NameHolder[],
  compared: (name: string) => string = (name) => name,
): NameClaims {
  const moving = claims.filter(({ name, before }) => before === null || compared(before) !== compared(name))
  const leaving = new Set(moving.map(({ id }) => id))
  const held = new Map(holders.map((holder) => [compared(holder.name), holder]))
  const taken = new Map<string, NameClaim>()
  const lost = new Map<NameClaim, Pick<NameHolder, 'id' | 'external_id'>>()

  const lose = (claim: NameClaim, to: Pick<NameHolder, 'id' | 'external_id'>): void => {
    lost.set(claim, to)
    leaving.delete(claim.id)
    if (claim.before === null) return
    const heir = taken.get(compared(claim.before))
    if (!heir) return
    taken.delete(compared(claim.before))
    lose(heir, claim)
  }

  for (const claim of moving) {
    const name = compared(claim.name)
    const holder = held.get(name)
    const other = holder && !leaving.has(holder.id) ? holder : taken.get(name)
    if (other) lose(claim, other)
    else taken.set(name, claim)
  }

  const waiting = new Set([...lost.keys()].map(({ id }) => id))
  const settled = new Set(claims.map(({ id }) => id).filter((id) => !waiting.has(id)))
  return {
    refused: new Map([...lost].map(([claim, to]) => [claim.id, notFree(kind, claim.name, to, settled.has(to.id))])),
    passedOn: [...taken.keys()].flatMap((name) => held.get(name)?.id ?? []),
  }
}

/** Two may want each other's name from different batches: so such a line is given again at last. */
function notFree(
  kind: string,
  name: string,
  { external_id }: Pick<NameHolder, 'external_id'>,
  settled: boolean,
): LineOutcome {
  const failure: LineFailure = {
    code: 'already_exists',
    message: `name: another ${kind} has the name ${JSON.stringify(name)}`,
  }
  return settled || external_id === null
    ? { is: 'failed', failure }
    : { is: 'waiting', for: external_id, atLast: true, failure }
}
