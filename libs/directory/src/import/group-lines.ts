import { Injectable } from '@nestjs/common'
import { Changes } from '#audit'
import type { Actor } from '#kernel'
import type { GroupFields } from '../groups/groups.dto.ts'
import { GroupsRepository, type Membership } from '../groups/groups.repository.ts'
import { GroupsService } from '../groups/groups.service.ts'
import { DirectoryLines } from './directory-lines.ts'
import { GroupLine } from './import.dto.ts'
import { failed, type LineOutcome } from './import-types.ts'
import { References } from './references.repository.ts'

const unknownNamed = 5

/** Groups with all of their members. */
@Injectable()
export class GroupLines extends DirectoryLines<GroupFields, GroupLine> {
  readonly #groups: GroupsRepository
  readonly #service: GroupsService

  constructor(objects: GroupsRepository, service: GroupsService, references: References, changes: Changes) {
    super({ objects, line: GroupLine, names: { owner: 'owner_id' } }, references, changes)
    this.#groups = objects
    this.#service = service
  }

  override async store(actor: Actor, lines: readonly GroupLine[]): Promise<readonly LineOutcome[]> {
    const identities = await this.references.resolve(
      'identity',
      lines.flatMap(({ members }) => members ?? []),
    )
    const unknown = lines.map(({ members }) => (members ?? []).filter((name) => !identities.has(name)))
    const known = lines.filter((_, index) => unknown[index]?.length === 0)
    const stored = await super.store(actor, known.map(withoutMembers))
    const outcomes = new Map(known.map((line, index) => [line, stored[index]]))
    const changed = await this.#storeMembers(
      actor,
      known.filter((line) => isStored(outcomes.get(line))),
      identities,
    )
    return lines.map((line, index) => {
      const outcome = outcomes.get(line) ?? noMember(unknown[index] ?? [])
      return outcome.is === 'unchanged' && changed.has(line) ? { is: 'updated' } : outcome
    })
  }

  /** The lines whose groups had other members. */
  async #storeMembers(
    actor: Actor,
    lines: readonly GroupLine[],
    identities: ReadonlyMap<string, string>,
  ): Promise<Set<GroupLine>> {
    const groups = await this.references.resolve(
      'group',
      lines.flatMap(({ members, external_id }) => (members ? [external_id] : [])),
    )
    const before = new Map<string, Membership>()
    for (const each of await this.#groups.membersOf([...groups.values()])) before.set(key(each), each)
    const add: Membership[] = []
    const changed = new Map<string, GroupLine>()
    const lineOf = new Map<string, GroupLine>()
    for (const line of lines) {
      const group_id = groups.get(line.external_id)
      if (group_id === undefined) continue
      lineOf.set(group_id, line)
      for (const identity_id of new Set((line.members ?? []).map((name) => identities.get(name) ?? ''))) {
        const membership = { group_id, identity_id }
        if (!before.delete(key(membership))) add.push(membership)
      }
    }
    const remove = [...before.values()]
    for (const { group_id } of [...add, ...remove]) {
      const line = lineOf.get(group_id)
      if (line) changed.set(group_id, line)
    }
    await this.#service.changeMembers(actor, { add, remove })
    return new Set(changed.values())
  }
}

const key = ({ group_id, identity_id }: Membership): string => `${group_id} ${identity_id}`

function withoutMembers({ members: _, ...line }: GroupLine): GroupLine {
  return line
}

function isStored(outcome: LineOutcome | undefined): boolean {
  return outcome !== undefined && outcome.is !== 'failed' && outcome.is !== 'waiting'
}

function noMember(unknown: readonly string[]): LineOutcome {
  const names = unknown
    .slice(0, unknownNamed)
    .map((name) => JSON.stringify(name))
    .join(', ')
  const more = unknown.length > unknownNamed ? ` and ${unknown.length - unknownNamed} more` : ''
  return failed('invalid_body', `members: no identity has the external id ${names}${more}`)
}
