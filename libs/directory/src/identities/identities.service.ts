import { Injectable } from '@nestjs/common'
import { isDeepStrictEqual } from 'node:util'
import { Changes } from '#audit'
import { DomainError, parseId, type Actor } from '#kernel'
import { Database, type OffsetPage, type OffsetRequest, type Projection } from '#platform'
import { isAdministrator, needPowerOverPeople } from '../delegation.ts'
import type { Stored } from '../kind.fields.ts'
import { fieldError } from '../object-fields.ts'
import { ObjectUses } from '../uses/object-uses.ts'
import { ObjectsService } from '../objects.service.ts'
import { isSubAdministrator, subAdministrator } from '../sub-administrators.ts'
import type { CreateIdentity, IdentityFields } from './identities.dto.ts'
import { IdentitiesRepository } from './identities.repository.ts'
import { closingCircles, type Reporting } from './reporting.ts'

@Injectable()
export class IdentitiesService extends ObjectsService<IdentityFields, CreateIdentity> {
  readonly #identities: IdentitiesRepository

  constructor(database: Database, identities: IdentitiesRepository, changes: Changes, uses: ObjectUses) {
    super(database, identities, changes, uses)
    this.#identities = identities
  }

  /** For a client that counts: all of them, or those who have an e-mail address. */
  listPeople(
    actor: Actor,
    page: OffsetRequest,
    { reachable }: { readonly reachable: boolean },
    view: Projection,
  ): Promise<OffsetPage> {
    return reachable ? this.#identities.listReachable(view, page) : this.listByOffset(actor, page, view)
  }

  /**
   * The sub-administrator that a client names, by id or `me` for itself, who names nobody else when it is one.
   * @throws DomainError `invalid_parameter` for who is none, `forbidden` for a sub-administrator who names another one
   */
  async subAdministrator(actor: Actor, named: string, parameter: string): Promise<string> {
    const id = named === 'me' ? actor.identityId : parseId(named)
    const own = subAdministrator(actor)
    if (own !== null && id !== own) {
      throw new DomainError('forbidden', `${parameter}: a sub-administrator can only name itself`, { parameter })
    }
    const identity = id === null ? null : await this.#identities.find(id)
    if (identity?.authorities.some(isSubAdministrator)) return identity.id
    const who = named === 'me' ? 'the credential stands for nobody who is a sub-administrator' : `${named} is none`
    throw new DomainError('invalid_parameter', `${parameter} must be the id of a sub-administrator, or me: ${who}`, {
      parameter,
    })
  }

  protected override async checkStored(
    actor: Actor,
    after: IdentityFields,
    before: Stored<IdentityFields> | null,
  ): Promise<void> {
    if (!isDeepStrictEqual(after.authorities, before?.authorities ?? [])) needAdministrator(actor, 'authorities')
    if (before !== null && before.authorities.length > 0)
      for (const name of signsInBy) if (after[name] !== before[name]) needAdministrator(actor, name)
    if (before === null) return
    for (const name of signsInBy)
      if (after[name] !== before[name] && (await this.#identities.isFoundBy(name, before.id)))
        needPowerOverPeople(
          actor,
          name,
          `${name} is what an identity provider finds this person by at their first sign-in`,
        )
    if (before.manager_id === after.manager_id) return
    const circular = await this.circular([{ id: before.id, manager_id: after.manager_id }])
    if (circular.size > 0)
      throw fieldError('manager_id', 'manager_id: an identity cannot be its own manager, directly or over others')
  }

  /**
   * Those of the proposed that would close a circle of managers; without them the rest can be stored. `joining` are new
   * identities, which keep their managers in any case. Other changes of the tenant wait from then on, so that two which
   * are harmless by themselves do not close a circle together.
   */
  async circular(proposed: readonly Reporting[], joining: readonly Reporting[] = []): Promise<Set<string>> {
    if (proposed.every(({ manager_id }) => manager_id === null)) return new Set()
    await this.changes.serialize()
    const stored = await this.#identities.above([...proposed, ...joining])
    return closingCircles([...stored, ...joining], proposed)
  }
}

/** What a provider of identities finds somebody by who signs in for the first time: its `identity_match`. */
const signsInBy = ['external_id', 'email'] as const

/** Nobody makes themselves more than they are. */
function needAdministrator(actor: Actor, field: 'authorities' | (typeof signsInBy)[number]): void {
  if (isAdministrator(actor)) return
  const what = field === 'authorities' ? 'authorities are given' : `the ${field} of who has authorities is changed`
  throw new DomainError('forbidden', `${what} by an ORG_ADMIN, or by a credential that is no person’s`, { field })
}
