import { Injectable, type OnModuleInit } from '@nestjs/common'
import { failed, ImportTypes, References, type ImportHandler, type LineOutcome } from '#directory'
import type { Actor } from '#kernel'
import { AccessProfilesRepository } from '../access-profiles.repository.ts'
import { MembersRepository, type Membership } from '../members.repository.ts'
import { MembersService } from '../members.service.ts'
import { ImportedProfiles } from './imported-profiles.repository.ts'
import { AssignmentLine } from './profile-line.ts'

/** Members of access profiles. A file adds them; it takes none away. */
@Injectable()
export class AssignmentLines implements ImportHandler<AssignmentLine>, OnModuleInit {
  readonly type = 'assignment'
  readonly line = AssignmentLine
  readonly #types: ImportTypes
  readonly #references: References
  readonly #profiles: AccessProfilesRepository
  readonly #imported: ImportedProfiles
  readonly #members: MembersRepository
  readonly #service: MembersService

  constructor(
    types: ImportTypes,
    references: References,
    profiles: AccessProfilesRepository,
    imported: ImportedProfiles,
    members: MembersRepository,
    service: MembersService,
  ) {
    this.#types = types
    this.#references = references
    this.#profiles = profiles
    this.#imported = imported
    this.#members = members
    this.#service = service
  }

  onModuleInit(): void {
    this.#types.register(this)
  }

  key({ access_profile, identity }: AssignmentLine): string {
    return JSON.stringify([access_profile, identity])
  }

  async store(actor: Actor, lines: readonly AssignmentLine[]): Promise<readonly LineOutcome[]> {
    await this.#profiles.claim()
    const profiles = await this.#imported.ids(lines.map(({ access_profile }) => access_profile))
    const people = await this.#references.resolve(
      'identity',
      lines.map(({ identity }) => identity),
    )
    const states = await this.#members.lifecycleStates([...people.values()])
    const members = await this.#members.existing([...profiles.values()], [...people.values()])
    const plan = lines.map((line) => planned(line, { profiles, people, states, members }))
    const added = await this.#members.add(
      plan.flatMap((each) => ('is' in each ? [] : [each])),
      'import',
      actor.id,
    )
    await this.#service.record(actor, 'member_added', added, { import: true })
    return plan.map((each) => ('is' in each ? each : { is: 'created' }))
  }
}

interface Known {
  readonly profiles: ReadonlyMap<string, string>
  readonly people: ReadonlyMap<string, string>
  readonly states: ReadonlyMap<string, string>
  /** The profile's and the identity's id, with a space between them. */
  readonly members: ReadonlySet<string>
}

function planned({ access_profile, identity }: AssignmentLine, known: Known): Membership | LineOutcome {
  const profile_id = known.profiles.get(access_profile)
  if (profile_id === undefined)
    return failed(
      'invalid_body',
      `access_profile: no access_profile has the external id ${JSON.stringify(access_profile)}`,
    )
  const identity_id = known.people.get(identity)
  if (identity_id === undefined)
    return failed('invalid_body', `identity: no identity has the external id ${JSON.stringify(identity)}`)
  if (known.members.has(`${profile_id} ${identity_id}`)) return { is: 'unchanged' }
  return known.states.get(identity_id) === 'active'
    ? { profile_id, identity_id }
    : failed('invalid_state', `identity: the identity ${identity} is not active: it gets no new access`)
}
