import { Injectable } from '@nestjs/common'
import { subAdministrator } from '#directory'
import { newId, notFound, type Actor } from '#kernel'
import {
  Database,
  type PageText,
  type OffsetPage,
  type OffsetRequest,
  type PageRequest,
  type Precondition,
  type Projection,
} from '#platform'
import type { AccessProfile, ProfileChange, ProfileInput, ProfileUsage } from './access-profiles.dto.ts'
import { profileProjection, type ProfileSelection } from './access-profiles.fields.ts'
import { AccessProfilesRepository, type ProfileRow } from './access-profiles.repository.ts'
import { contentsOf, type Contents } from './contents.ts'
import { ProfileChanges } from './profile-changes.ts'
import { ProfileContents } from './profile-contents.ts'
import { ProfileRemovals, userOf, usersNamed, type Removal, type RemovalReport } from './profile-removals.ts'
import { limited } from './profile-rules.ts'
import { columnsOf, eventsOf, planAlteration, planCreation } from './profile-plan.ts'
import { entitlementView, type EntitlementView } from './profile-entitlements.fields.ts'
import { ProfileTypes } from './types/profile-types.ts'
import { VersionsRepository } from './versions.repository.ts'

/** Which entitlements a list has; `own`: without the inherited ones. */
export interface EntitlementSelection {
  readonly own?: boolean
}

export interface RequestableOutcome {
  readonly id: string
  readonly outcome: 'updated' | 'unchanged' | 'not_found'
}

/** The version that takes the place of the published one. */
interface Republished {
  readonly contents: Contents
  readonly policy: string | null
  readonly now: Date
}

/**
 * What is to change, or a function that makes it of the profile, as a client sees it and as it is here, while nobody else
 * changes it.
 */
export type ProfilePatch<Seen = AccessProfile> = ProfileChange | ((seen: Seen, before: AccessProfile) => ProfileChange)

/**
 * Access profiles: what they are, and what their published versions give. A `view` is the projection in which a profile is
 * answered: the domain object by default, a dialect's own shape otherwise.
 */
@Injectable()
export class AccessProfilesService {
  readonly #database: Database
  readonly #profiles: AccessProfilesRepository
  readonly #versions: VersionsRepository
  readonly #contents: ProfileContents
  readonly #types: ProfileTypes
  readonly #changes: ProfileChanges
  readonly #removals: ProfileRemovals

  constructor(
    database: Database,
    profiles: AccessProfilesRepository,
    versions: VersionsRepository,
    contents: ProfileContents,
    types: ProfileTypes,
    changes: ProfileChanges,
    removals: ProfileRemovals,
  ) {
    this.#database = database
    this.#profiles = profiles
    this.#versions = versions
    this.#contents = contents
    this.#types = types
    this.#changes = changes
    this.#removals = removals
  }

  /** A page, newest first unless it is sorted otherwise; text that goes out as it is. */
  list(actor: Actor, page: PageRequest, selection: ProfileSelection = {}, view = profileProjection): Promise<PageText> {
    return this.#profiles.list(page, { ...selection, sight: subAdministrator(actor) }, view)
  }

  /** The native list. */
  search(
    actor: Actor,
    { limit, cursor, filter, sort, ...selection }: PageRequest & ProfileSelection,
  ): Promise<PageText> {
    return this.list(actor, { limit, cursor, filter, sort }, selection)
  }

  /** The same by offset, for clients that count. */
  listByOffset(
    actor: Actor,
    page: OffsetRequest,
    selection: ProfileSelection = {},
    view = profileProjection,
  ): Promise<OffsetPage> {
    return this.#profiles.listByOffset(page, { ...selection, sight: subAdministrator(actor) }, view)
  }

  /** @throws DomainError `not_found`, also for a profile that the actor does not see or that is not of the selection */
  async get<T = AccessProfile>(
    actor: Actor,
    id: string,
    view: Projection = profileProjection,
    selection: ProfileSelection = {},
  ): Promise<T> {
    const profile = await this.#profiles.find<T>(id, subAdministrator(actor), view, selection)
    if (profile === null) throw notFound('access_profile', id)
    return profile
  }

  /** What it gives is published at once, or with `publish: false` becomes a draft, unless its type decides how it begins. */
  create<T = AccessProfile>(actor: Actor, given: ProfileInput, view = profileProjection): Promise<T> {
    return this.#database.transaction(async () => {
      await this.#profiles.claim()
      const { expected = [], ...input } = given
      const begun = await this.#types.beginning(input.type_id ?? null, { publish: input.publish, state: input.state })
      const { fields, contents, publish } = planCreation({ ...input, ...begun })
      await this.#contents.checkReferences(fields)
      await this.#contents.checkNames(expected)
      const id = newId()
      const source = await this.#contents.check(actor, { ...fields, id }, contents)
      const name = await this.#types.name({ ...fields, contents })
      const now = await this.#profiles.now()
      await this.#profiles.insertAll([
        {
          ...(columnsOf({ ...fields, name }, now, actor) as ProfileRow),
          id,
          created_by: actor.id,
          source_id: publish ? source : fields.source_id,
          source_given: fields.source_id !== null,
          published_version: publish ? 1 : null,
        },
      ])
      await this.#profiles.setSegments([{ id, segment_ids: fields.segment_ids }])
      await this.#versions.insertAll([
        {
          profile_id: id,
          number: 1,
          contents,
          created_by: actor.id,
          published_at: publish ? now : null,
          access_request_policy_id: null,
        },
      ])
      await this.#changes.checkVisible(actor, id)
      const profile = await this.get<T>(actor, id, view)
      await this.#changes.end(actor, id, [{ verb: 'created' }], { regrants: false })
      return profile
    })
  }

  /** Merges: what the patch does not name stays. Other contents are published at once as a new version. */
  update<T = AccessProfile>(
    actor: Actor,
    id: string,
    patch: ProfilePatch<T>,
    precondition: Precondition,
    view = profileProjection,
  ): Promise<T> {
    return this.#database.transaction(async () => {
      const before = await this.#changes.begin(actor, id, precondition)
      const change = typeof patch === 'function' ? patch(await this.get<T>(actor, id, view), before) : patch
      await this.#change(actor, before, change)
      return this.get<T>(actor, id, view)
    })
  }

  /** @throws DomainError `in_use`, see ProfileRemovals */
  remove(actor: Actor, id: string, precondition: Precondition, how: Removal = {}): Promise<void> {
    return this.#removals.remove(actor, id, precondition, how)
  }

  /** See ProfileRemovals. */
  removeMany(actor: Actor, ids: readonly string[], how: { bestEffort: boolean }): Promise<RemovalReport> {
    return this.#removals.removeMany(actor, ids, how)
  }

  /** Each for itself: one that does not exist keeps the others from nothing. */
  setRequestable(
    actor: Actor,
    items: readonly { readonly id: string; readonly requestable: boolean }[],
  ): Promise<RequestableOutcome[]> {
    return this.#database.transaction(async () => {
      const ids = items.map(({ id }) => id)
      const found = await this.#changes.beginAll(actor, limited(ids))
      const outcomes: RequestableOutcome[] = []
      for (const { id, requestable } of items) {
        const before = found.get(id)
        const changed = before !== undefined && (await this.#change(actor, before, { requestable }))
        outcomes.push({ id, outcome: before === undefined ? 'not_found' : changed ? 'updated' : 'unchanged' })
      }
      return outcomes
    })
  }

  /** The entitlements that it gives, or would give once it runs, each once, with the profiles it comes from. */
  async entitlements(
    actor: Actor,
    id: string,
    page: PageRequest,
    { own = false }: EntitlementSelection = {},
    view: EntitlementView = entitlementView,
  ): Promise<PageText> {
    await this.see(actor, id)
    return this.#profiles.entitlements(page, { id, own }, view)
  }

  async entitlementsByOffset(
    actor: Actor,
    id: string,
    page: OffsetRequest,
    { own = false }: EntitlementSelection = {},
    view: EntitlementView = entitlementView,
  ): Promise<OffsetPage> {
    await this.see(actor, id)
    return this.#profiles.entitlementsByOffset(page, { id, own }, view)
  }

  /** What keeps it from being deleted: how many, and the first of them. */
  async usage(actor: Actor, id: string): Promise<ProfileUsage> {
    await this.see(actor, id)
    const counts = await this.#profiles.usage(id)
    const users = await this.#profiles.users(id, usersNamed)
    return { ...counts, in_use: users.length > 0, users: users.map(userOf) }
  }

  /** @throws DomainError `not_found`, also for a profile that the actor does not see */
  async see(actor: Actor, id: string): Promise<void> {
    if (!(await this.#profiles.existing([id], subAdministrator(actor))).has(id)) throw notFound('access_profile', id)
  }

  /** Whether anything changed. Inside the transaction that began with `before`. */
  async #change(actor: Actor, before: AccessProfile, change: ProfileChange): Promise<boolean> {
    const { id } = before
    const { expected = [], ...patch } = change
    await this.#contents.checkNames(expected)
    const plan = planAlteration(before, await this.#profiles.sourceGiven(id), patch)
    if (plan === null) return false
    const { changed, contents, republished, rechecked, told } = plan
    await this.#contents.checkReferences(changed)
    const after = { ...before, ...changed }
    const policy = rechecked ? await this.#versions.publishedPolicy(id) : null
    const access_request_policy_id = policy ?? after.access_request_policy_id
    const source = rechecked
      ? await this.#contents.check(actor, { ...after, source_id: told, access_request_policy_id }, contents)
      : before.source_id
    const name = await this.#types.name({ ...after, contents, before: contentsOf(before) })
    const now = await this.#profiles.now()
    const number = republished ? await this.#republish(actor, before, { contents, policy, now }) : 0
    await this.#profiles.update(id, {
      ...columnsOf({ ...changed, name }, now, actor),
      ...(rechecked && { source_id: source, source_given: told !== null }),
      ...(republished && { published_version: number }),
    })
    if (changed.segment_ids) await this.#profiles.setSegments([{ id, segment_ids: changed.segment_ids }])
    await this.#changes.checkVisible(actor, id)
    const regrants = republished || changed.state !== undefined
    await this.#changes.end(actor, id, eventsOf(before, plan, number), { regrants })
    return true
  }

  async #republish(actor: Actor, before: AccessProfile, { contents, policy, now }: Republished): Promise<number> {
    const { id: profile_id, published_version } = before
    if (published_version !== null) await this.#versions.retire([{ profile_id, number: published_version }])
    const number = (await this.#versions.lastNumber(profile_id)) + 1
    await this.#versions.insertAll([
      { profile_id, number, contents, created_by: actor.id, published_at: now, access_request_policy_id: policy },
    ])
    return number
  }
}
