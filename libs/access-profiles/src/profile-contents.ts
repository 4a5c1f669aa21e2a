import { Injectable } from '@nestjs/common'
import { subAdministrator } from '#directory'
import { DomainError, type Actor } from '#kernel'
import type { AccessProfile, ExpectedName } from './access-profiles.dto.ts'
import { AccessProfilesRepository, type Referable } from './access-profiles.repository.ts'
import type { Contents } from './contents.ts'
import { wrongField } from './profile-rules.ts'
import { ProfileTypes, type TypedProfile } from './types/profile-types.ts'

const named = 5

/** The profile that is about to give something. */
export interface Recipient extends Omit<TypedProfile, 'contents'> {
  readonly id: string
  /** The source that it was told, or null when it takes it from its entitlements. */
  readonly source_id: string | null
}

/** The rules that need the database. */
@Injectable()
export class ProfileContents {
  readonly #profiles: AccessProfilesRepository
  readonly #types: ProfileTypes

  constructor(profiles: AccessProfilesRepository, types: ProfileTypes) {
    this.#profiles = profiles
    this.#types = types
  }

  /**
   * That a profile may give these contents: they exist, belong to its source when it has been told one, do not lead back
   * to itself, keep to the rules of its type, and its parents are the actor's to see. Gives the source it has with them.
   * @throws DomainError `invalid_body`
   */
  async check(actor: Actor, { id, source_id, ...typed }: Recipient, contents: Contents): Promise<string | null> {
    const entitlementIds = contents.entitlements.map(({ entitlement_id }) => entitlement_id)
    const sources = await this.#profiles.sourcesOf(entitlementIds)
    const strange = entitlementIds.filter((each) => !sources.has(each))
    if (strange.length > 0) throw unknownIds('entitlements', 'entitlement', strange)
    if (source_id !== null) {
      const foreign = entitlementIds.filter((each) => sources.get(each) !== source_id)
      if (foreign.length > 0)
        throw wrongField(
          'entitlements',
          `entitlements: ${list(foreign)} belong to other sources than the profile's, ${source_id}`,
        )
    }
    await this.#checkParents(actor, id, contents.inherits)
    await this.#types.check([{ ...typed, contents }])
    const [only, ...others] = new Set(sources.values())
    return source_id ?? (others.length === 0 ? (only ?? null) : null)
  }

  async #checkParents(actor: Actor, id: string, parents: readonly string[]): Promise<void> {
    if (parents.length === 0) return
    await this.exist('inherits', 'access_profile', parents)
    const sight = subAdministrator(actor)
    if (sight !== null && (await this.#profiles.existing(parents, sight)).size < parents.length)
      throw new DomainError('forbidden', 'inherits: some of the profiles are of sources that are not yours to manage')
    const names = await this.#profiles.cycle(id, parents)
    if (names !== null)
      throw wrongField(
        'inherits',
        `inherits: the profile would inherit from itself, through ${names.map((each) => JSON.stringify(each)).join(', ')}`,
      )
  }

  /** @throws DomainError `invalid_body` naming those that do not exist */
  async exist(field: string, kind: Referable, ids: readonly string[]): Promise<void> {
    const missing = await this.#profiles.missing(kind, ids)
    if (missing.length > 0) throw unknownIds(field, kind, missing)
  }

  /** @throws DomainError `invalid_body` for the first that is called otherwise; what does not exist is another check's */
  async checkNames(expected: readonly ExpectedName[]): Promise<void> {
    for (const kind of ['identity', 'group'] as const) {
      const some = expected.filter((each) => each.kind === kind)
      const names = await this.#profiles.names(
        kind,
        some.map(({ id }) => id),
      )
      for (const { field, id, name } of some) {
        const own = names.get(id)
        if (own !== undefined && own !== name)
          throw wrongField(
            field,
            `${field}: the ${kind} ${id} is called ${JSON.stringify(own)}, not ${JSON.stringify(name)}`,
          )
      }
    }
  }

  /** What the fields of a profile refer to. @throws DomainError `invalid_body` naming what does not exist */
  async checkReferences(changed: Partial<AccessProfile>): Promise<void> {
    const {
      owner_id,
      source_id,
      type_id,
      segment_ids = [],
      additional_owners = [],
      request_config,
      revocation_config,
    } = changed
    if (owner_id) await this.exist('owner_id', 'identity', [owner_id])
    if (source_id) await this.exist('source_id', 'source', [source_id])
    if (type_id) await this.exist('type_id', 'access_profile_type', [type_id])
    await this.exist('segment_ids', 'segment', segment_ids)
    for (const [type, kind] of [['IDENTITY', 'identity'], ['GOVERNANCE_GROUP', 'group']] as const) {
      const ids = additional_owners.flatMap((owner) => (owner.type === type ? [owner.id] : []))
      await this.exist('additional_owners', kind, ids)
    } // prettier-ignore
    for (const [field, config] of Object.entries({ request_config, revocation_config })) {
      const steps = config?.approval_schemes ?? []
      const approvers = (group: boolean): string[] =>
        steps.flatMap(({ approver_type, approver_id }) =>
          approver_id && approver_type.endsWith('GROUP') === group ? [approver_id] : [],
        )
      await this.exist(`${field}.approval_schemes`, 'group', approvers(true))
      await this.exist(`${field}.approval_schemes`, 'identity', approvers(false))
    }
  }
}

function unknownIds(field: string, kind: string, ids: readonly string[]): DomainError {
  return wrongField(field, `${field}: no ${kind} has the id ${list(ids)}`, 'not_found')
}

function list(ids: readonly string[]): string {
  return `${ids.slice(0, named).join(', ')}${ids.length > named ? ` and ${ids.length - named} more` : ''}`
}
