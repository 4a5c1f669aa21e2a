import { Injectable } from '@nestjs/common'
import { isDeepStrictEqual } from 'node:util'
import { changedFields, plain } from '#audit'
import { DomainError, notFound, type Actor } from '#kernel'
import { Database, type PageText, type PageRequest, Precondition, type Projection } from '#platform'
import type { AccessProfile } from './access-profiles.dto.ts'
import { versionProjection } from './access-profiles.fields.ts'
import { AccessProfilesRepository } from './access-profiles.repository.ts'
import { AccessProfilesService } from './access-profiles.service.ts'
import { contentsOf, mergedContents, noContents, type Contents } from './contents.ts'
import { ProfileChanges } from './profile-changes.ts'
import { ProfileContents, type Recipient } from './profile-contents.ts'
import { checkRunning } from './profile-plan.ts'
import { ProfileTypes } from './types/profile-types.ts'
import type { AccessProfileVersion, UpdateVersion } from './versions.dto.ts'
import { VersionsRepository } from './versions.repository.ts'

/** What a version is to give, or a function that makes it of what it gives so far, while nobody else changes it. */
export type VersionPatch = UpdateVersion | ((before: Contents) => UpdateVersion)

/** Contents, and the state that the version is to have with them; without contents the state alone is to change. */
export interface VersionChange {
  readonly contents?: VersionPatch | undefined
  readonly state?: 'draft' | 'published' | 'retired' | undefined
}

/** What stands on a version: what it gives, and its own policy for requests. */
interface Said extends Contents {
  readonly access_request_policy_id: string | null
}

const nothingSaid: Said = { ...noContents, access_request_policy_id: null }
const anyVersion = new Precondition(undefined)

/**
 * The versions of a profile. A draft is edited until it is published, which retires the version published before; what is
 * published or retired never changes again.
 */
@Injectable()
export class VersionsService {
  readonly #database: Database
  readonly #profiles: AccessProfilesRepository
  readonly #service: AccessProfilesService
  readonly #versions: VersionsRepository
  readonly #contents: ProfileContents
  readonly #types: ProfileTypes
  readonly #changes: ProfileChanges

  constructor(
    database: Database,
    profiles: AccessProfilesRepository,
    service: AccessProfilesService,
    versions: VersionsRepository,
    contents: ProfileContents,
    types: ProfileTypes,
    changes: ProfileChanges,
  ) {
    this.#database = database
    this.#profiles = profiles
    this.#service = service
    this.#versions = versions
    this.#contents = contents
    this.#types = types
    this.#changes = changes
  }

  /** The one with the highest number first. */
  async list(actor: Actor, id: string, page: PageRequest, view: Projection = versionProjection): Promise<PageText> {
    await this.#service.see(actor, id)
    return this.#versions.list(id, page, view)
  }

  async get<T = AccessProfileVersion>(
    actor: Actor,
    id: string,
    number: number,
    view: Projection = versionProjection,
  ): Promise<T> {
    await this.#service.see(actor, id)
    return this.#present(number, await this.#versions.find<T>(id, number, view))
  }

  /** @throws DomainError `not_found` when there is no such version, or the actor does not see the profile */
  async see(actor: Actor, id: string, number: number): Promise<void> {
    await this.#service.see(actor, id)
    if (!(await this.#versions.exists(id, number))) throw notFound('version', String(number))
  }

  /** Begins with what the published version gives. @throws DomainError `invalid_state` when there is a draft already */
  createDraft<T = AccessProfileVersion>(
    actor: Actor,
    id: string,
    patch: VersionPatch,
    view: Projection = versionProjection,
  ): Promise<T> {
    return this.#database.transaction(async () => {
      const profile = await this.#changes.begin(actor, id)
      if (profile.draft_version !== null)
        throw new DomainError('invalid_state', `Version ${profile.draft_version} is a draft; change that one`, {
          draft_version: profile.draft_version,
        })
      const { published_version: published } = profile
      const before = published === null ? nothingSaid : saidBy(await this.#find(id, published, versionProjection))
      const contents = patched(before, patch)
      const { access_request_policy_id } = contents
      await this.#contents.check(actor, await this.#recipient(profile, access_request_policy_id), contents)
      const number = (await this.#versions.lastNumber(id)) + 1
      await this.#versions.insertAll([
        { profile_id: id, number, contents, created_by: actor.id, published_at: null, access_request_policy_id },
      ])
      await this.#profiles.touch(id)
      await this.#changes.end(actor, id, [{ verb: 'updated', metadata: { draft: number } }], { regrants: false })
      return this.#find<T>(id, number, view)
    })
  }

  /** Merges: what the patch does not name stays. @throws DomainError `invalid_state` for what is no draft */
  updateDraft<T = AccessProfileVersion>(
    actor: Actor,
    id: string,
    number: number,
    patch: VersionPatch,
    precondition: Precondition,
    view: Projection = versionProjection,
  ): Promise<T> {
    return this.#database.transaction(async () => {
      const { profile, version } = await this.#draft(actor, id, number, precondition)
      const contents = patched(saidBy(version), patch)
      const { access_request_policy_id } = contents
      const fields = Object.keys(changedFields(saidBy(version), contents))
      if (fields.length > 0) {
        await this.#contents.check(actor, await this.#recipient(profile, access_request_policy_id), contents)
        await this.#versions.replace(id, number, contents, access_request_policy_id)
        await this.#changes.end(actor, id, [{ verb: 'updated', metadata: { draft: number, fields } }], {
          regrants: false,
        })
      }
      return this.#find<T>(id, number, view)
    })
  }

  /**
   * What a client does that knows of no drafts beside the version that it names: other contents of the published version
   * become a draft of their own, those of a draft its contents; then the version is published or retired, if that was asked.
   * To publish and nothing else is to publish: of several at once, one does it.
   * @throws DomainError `invalid_state` for what is retired, or when there is another draft already
   */
  change<T = AccessProfileVersion>(
    actor: Actor,
    id: string,
    number: number,
    { state, contents }: VersionChange,
    view: Projection = versionProjection,
  ): Promise<T> {
    return this.#database.transaction(async () => {
      if (contents === undefined && state === 'published') return this.publish<T>(actor, id, number, anyVersion, view)
      const { version } = await this.#lock(actor, id, number, anyVersion)
      if (version.state === 'retired') throw wrongState(version, 'is retired, so it does not change')
      const changed = await this.#changed(actor, version, contents)
      if (state === undefined || state === changed.state) return this.#find<T>(id, changed.number, view)
      if (state === 'draft') throw wrongState(changed, 'is published; change what it gives to have a draft of it')
      return state === 'published'
        ? this.publish<T>(actor, id, changed.number, anyVersion, view)
        : this.retire<T>(actor, id, changed.number, anyVersion, view)
    })
  }

  async #changed(actor: Actor, version: AccessProfileVersion, patch: VersionPatch = {}): Promise<AccessProfileVersion> {
    const { profile_id: id, number } = version
    if (version.state === 'draft') return this.updateDraft(actor, id, number, patch, anyVersion)
    const said = saidBy(version)
    return isDeepStrictEqual(patched(said, patch), said) ? version : this.createDraft(actor, id, patch)
  }

  /** Of several at once, one publishes it. @throws DomainError `invalid_state` for what is no draft */
  publish<T = AccessProfileVersion>(
    actor: Actor,
    id: string,
    number: number,
    precondition: Precondition,
    view: Projection = versionProjection,
  ): Promise<T> {
    return this.#database.transaction(async () => {
      const { profile, version } = await this.#draft(actor, id, number, precondition)
      const contents = contentsOf(version)
      checkRunning(profile.state, contents)
      const recipient = await this.#recipient(profile, version.access_request_policy_id)
      const source_id = await this.#contents.check(actor, recipient, contents)
      const name = await this.#types.name({ ...profile, contents, before: contentsOf(profile) })
      if (profile.published_version !== null)
        await this.#versions.retire([{ profile_id: id, number: profile.published_version }])
      await this.#versions.publish(id, number, actor.id, await this.#profiles.now())
      await this.#profiles.update(id, { published_version: number, source_id, name })
      await this.#changes.checkVisible(actor, id)
      await this.#changes.end(actor, id, [{ verb: 'published', metadata: { number } }], { regrants: true })
      return this.#find<T>(id, number, view)
    })
  }

  /** A draft is given up; of a paused profile, the published version is taken back. @throws DomainError `invalid_state` */
  retire<T = AccessProfileVersion>(
    actor: Actor,
    id: string,
    number: number,
    precondition: Precondition,
    view: Projection = versionProjection,
  ): Promise<T> {
    return this.#database.transaction(async () => {
      const { profile, version } = await this.#lock(actor, id, number, precondition)
      const { state } = version
      if (state === 'retired') throw wrongState(version, 'is retired already')
      if (state === 'published' && profile.state === 'running')
        throw wrongState(
          version,
          'is what the running profile gives; pause the profile first, or publish another version',
        )
      await this.#versions.retire([{ profile_id: id, number }])
      if (state === 'published') await this.#profiles.update(id, { published_version: null })
      else await this.#profiles.touch(id)
      await this.#changes.end(actor, id, [{ verb: 'retired', metadata: { number } }], {
        regrants: state === 'published',
      })
      return this.#find<T>(id, number, view)
    })
  }

  async #recipient(profile: AccessProfile, policyId: string | null): Promise<Recipient> {
    const { id, type_id, source_id } = profile
    const told = (await this.#profiles.sourceGiven(id)) ? source_id : null
    return { id, type_id, source_id: told, access_request_policy_id: policyId ?? profile.access_request_policy_id }
  }

  async #draft(
    actor: Actor,
    id: string,
    number: number,
    precondition: Precondition,
  ): Promise<{ profile: AccessProfile; version: AccessProfileVersion }> {
    const locked = await this.#lock(actor, id, number, precondition)
    if (locked.version.state !== 'draft')
      throw wrongState(locked.version, `is ${locked.version.state}, so it does not change`)
    return locked
  }

  async #lock(
    actor: Actor,
    id: string,
    number: number,
    precondition: Precondition,
  ): Promise<{ profile: AccessProfile; version: AccessProfileVersion }> {
    const profile = await this.#changes.begin(actor, id)
    const version = await this.#find(id, number, versionProjection)
    precondition.check(version.version)
    return { profile, version }
  }

  async #find<T = AccessProfileVersion>(id: string, number: number, view: Projection): Promise<T> {
    return this.#present(number, await this.#versions.find<T>(id, number, view))
  }

  #present<T>(number: number, version: T | null): T {
    if (version === null) throw notFound('version', String(number))
    return version
  }
}

function saidBy(version: AccessProfileVersion): Said {
  return { ...contentsOf(version), access_request_policy_id: version.access_request_policy_id }
}

/** What is not named stays. */
function patched(before: Said, patch: VersionPatch): Said {
  const given = plain(typeof patch === 'function' ? patch(before) : patch)
  const { access_request_policy_id = before.access_request_policy_id } = given
  return { ...mergedContents(before, given), access_request_policy_id }
}

function wrongState({ number, state }: AccessProfileVersion, what: string): DomainError {
  return new DomainError('invalid_state', `Version ${number} ${what}`, { state })
}
