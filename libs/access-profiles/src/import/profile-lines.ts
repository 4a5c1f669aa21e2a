import { Injectable, type OnModuleInit } from '@nestjs/common'
import {
  claimNames,
  failed,
  ImportTypes,
  References,
  type ImportHandler,
  type LineOutcome,
  type NameClaim,
} from '#directory'
import { DomainError, newId, type Actor } from '#kernel'
import { AccessProfilesRepository, type ProfileRow } from '../access-profiles.repository.ts'
import { contentsOf, type Contents } from '../contents.ts'
import { ProfileChanges } from '../profile-changes.ts'
import { columnsOf, eventsOf, planAlteration, planCreation, type Alteration, type Creation } from '../profile-plan.ts'
import { ProfileTypes, type NamedProfile, type TypedProfile } from '../types/profile-types.ts'
import { VersionsRepository } from '../versions.repository.ts'
import { ImportedProfiles, type ImportedColumns, type StoredProfile } from './imported-profiles.repository.ts'
import { LineNames, UnknownName } from './line-names.ts'
import { AccessProfileLine } from './profile-line.ts'

interface NewDraft {
  readonly id: string
  readonly plan: Creation
  readonly source: string | null
}

interface ChangedDraft {
  readonly before: StoredProfile
  readonly plan: Alteration
  readonly source: string | null
}

type Draft = NewDraft | ChangedDraft | LineOutcome

/** What the lines of a batch are judged by. */
interface Stock {
  readonly stored: ReadonlyMap<string | null, StoredProfile>
  readonly taken: ReadonlyMap<string, LineOutcome>
  readonly names: LineNames
  /** The source of each entitlement. */
  readonly sources: ReadonlyMap<string, string>
  /** The types that put an integration before the names of their profiles. */
  readonly prefixing: ReadonlySet<string>
}

/** Access profiles of a file. What a line gives otherwise than before is published as a new version. */
@Injectable()
export class ProfileLines implements ImportHandler<AccessProfileLine>, OnModuleInit {
  readonly type = 'access_profile'
  readonly line = AccessProfileLine
  readonly #types: ImportTypes
  readonly #references: References
  readonly #profiles: AccessProfilesRepository
  readonly #imported: ImportedProfiles
  readonly #versions: VersionsRepository
  readonly #profileTypes: ProfileTypes
  readonly #changes: ProfileChanges

  constructor(
    types: ImportTypes,
    references: References,
    profiles: AccessProfilesRepository,
    imported: ImportedProfiles,
    versions: VersionsRepository,
    profileTypes: ProfileTypes,
    changes: ProfileChanges,
  ) {
    this.#types = types
    this.#references = references
    this.#profiles = profiles
    this.#imported = imported
    this.#versions = versions
    this.#profileTypes = profileTypes
    this.#changes = changes
  }

  onModuleInit(): void {
    this.#types.register(this)
  }

  key({ external_id }: AccessProfileLine): string {
    return external_id
  }

  async store(actor: Actor, lines: readonly AccessProfileLine[]): Promise<readonly LineOutcome[]> {
    await this.#profiles.claim()
    const stock = await this.#stock(lines)
    const drafts = await this.#named(
      lines,
      lines.map((line) => draftOf(line, stock)),
    )
    const created = drafts.filter((draft) => 'id' in draft)
    const changed = drafts.filter((draft) => 'before' in draft)
    const now = await this.#profiles.now()
    await this.#create(actor, created, now)
    await this.#alter(actor, changed, now)
    await this.#record(actor, created, changed)
    return drafts.map((draft) => ('is' in draft ? draft : { is: 'id' in draft ? 'created' : 'updated' }))
  }

  async #stock(lines: readonly AccessProfileLine[]): Promise<Stock> {
    const stored = await this.#imported.named(lines.map((line) => this.key(line)))
    const wanted = lines.flatMap(({ id, external_id: key }) =>
      id === undefined || stored.has(key) ? [] : [{ key, id }],
    )
    const taken = await this.#references.taken({ name: this.type, table: 'access_profiles' }, wanted)
    const names = await LineNames.of(lines, this.#references, this.#imported)
    const kept = [...stored.values()].flatMap((profile) => contentsOf(profile).entitlements)
    const entitlementIds = new Set([...names.entitlementIds, ...kept.map(({ entitlement_id }) => entitlement_id)])
    const sources = await this.#profiles.sourcesOf([...entitlementIds])
    return { stored, taken, names, sources, prefixing: await this.#profileTypes.prefixing() }
  }

  /** Without those that cannot have their names. The names that others of the batch are given are free then. */
  async #named(lines: readonly AccessProfileLine[], drafts: readonly Draft[]): Promise<readonly Draft[]> {
    const claims = drafts.flatMap((draft, index) => {
      const line = lines[index]
      return 'is' in draft || !line ? [] : [claimOf(line, draft)]
    })
    const holders = await this.#imported.holders(claims.map(({ name }) => name))
    const { refused, passedOn } = claimNames(this.type, claims, holders, (name) => name.toLowerCase())
    await this.#imported.unname(passedOn)
    return drafts.map((draft) => ('is' in draft ? draft : (refused.get(idOf(draft)) ?? draft)))
  }

  async #create(actor: Actor, drafts: readonly NewDraft[], now: Date): Promise<void> {
    if (drafts.length === 0) return
    await this.#profiles.insertAll(
      drafts.map(({ id, plan: { fields }, source }) => ({
        ...(columnsOf(fields, now, actor) as ProfileRow),
        id,
        created_by: actor.id,
        source_id: source,
        source_given: fields.source_id !== null,
        published_version: 1,
      })),
    )
    await this.#profiles.setSegments(drafts.map(({ id, plan }) => ({ id, segment_ids: plan.fields.segment_ids })))
    await this.#versions.insertAll(
      drafts.map(({ id, plan: { contents } }) => ({
        profile_id: id,
        number: 1,
        contents,
        created_by: actor.id,
        published_at: now,
        access_request_policy_id: null,
      })),
    )
  }

  async #alter(actor: Actor, drafts: readonly ChangedDraft[], now: Date): Promise<void> {
    if (drafts.length === 0) return
    const republished = drafts.filter(({ plan }) => plan.republished)
    await this.#versions.retire(
      republished.flatMap(({ before: { id, published_version: number } }) =>
        number === null ? [] : [{ profile_id: id, number }],
      ),
    )
    await this.#versions.insertAll(
      republished.map(({ before, plan: { contents } }) => ({
        profile_id: before.id,
        number: before.last_number + 1,
        contents,
        created_by: actor.id,
        published_at: now,
        access_request_policy_id: before.version_policy_id,
      })),
    )
    const named = await this.#profileTypes.named(drafts.map((draft) => ({ ...asNamed(draft), draft })))
    await this.#imported.updateAll(named.map(({ draft, name }) => ({ ...columnsAfter(draft, now, actor), name })))
    await this.#profiles.setSegments(
      drafts.flatMap(({ before: { id }, plan }) =>
        plan.changed.segment_ids ? [{ id, segment_ids: plan.changed.segment_ids }] : [],
      ),
    )
    const cyclic = await this.#imported.cyclic(republished.map(({ before }) => before.id))
    if (cyclic !== null)
      throw new DomainError('invalid_body', `inherits: the profile ${JSON.stringify(cyclic)} would inherit from itself`)
    // As for every other change, by what the parents give with the same batch.
    await this.#profileTypes.check(drafts.filter(({ plan }) => plan.rechecked).map(asTyped))
  }

  async #record(actor: Actor, created: readonly NewDraft[], changed: readonly ChangedDraft[]): Promise<void> {
    const regranted = changed.filter(({ plan }) => plan.republished || plan.changed.state !== undefined)
    const granted = await this.#changes.regrant(
      actor,
      regranted.map(({ before }) => before.id),
    )
    const ids = [...created.map(({ id }) => id), ...changed.map(({ before }) => before.id)]
    const after = new Map((await this.#profiles.findAll(ids, null)).map((profile) => [profile.id, profile]))
    const events = [
      ...created.map(({ id }) => ({ id, verb: 'created' as const, metadata: {} })),
      ...changed.flatMap(({ before, plan }) =>
        eventsOf(before, plan, before.last_number + 1).map((event) => ({ id: before.id, ...event })),
      ),
    ]
    await this.#changes.record(
      actor,
      events.map((event) => ({
        ...event,
        data: after.get(event.id) ?? {},
        metadata: { import: true, ...event.metadata },
      })),
      granted,
    )
  }
}

function draftOf(line: AccessProfileLine, stock: Stock): Draft {
  const before = stock.stored.get(line.external_id) ?? null
  try {
    const input = { ...stock.names.input(line, before?.request_config ?? null), name: givenName(line, before, stock) }
    return before === null ? newDraft(line, planCreation(input), stock) : changedDraft(before, input, stock)
  } catch (error) {
    if (error instanceof UnknownName) return unknownName(error)
    if (error instanceof DomainError) return failed(error.code, error.message)
    throw error
  }
}

function newDraft(line: AccessProfileLine, plan: Creation, { taken, sources }: Stock): NewDraft | LineOutcome {
  const refused = taken.get(line.external_id)
  if (refused) return refused
  return { id: line.id ?? newId(), plan, source: sourceOf(plan.fields.source_id, plan.contents, sources) }
}

function changedDraft(
  before: StoredProfile,
  input: Parameters<typeof planAlteration>[2],
  { sources }: Stock,
): ChangedDraft | LineOutcome {
  const plan = planAlteration(before, before.source_given, input)
  if (plan === null) return { is: 'unchanged' }
  return { before, plan, source: plan.rechecked ? sourceOf(plan.told, plan.contents, sources) : before.source_id }
}

/** A file does not know what a type has put before the name. */
function givenName({ name }: AccessProfileLine, before: StoredProfile | null, { prefixing }: Stock): string {
  const prefixed = before?.type_id && prefixing.has(before.type_id) && before.name.endsWith(`: ${name}`)
  return prefixed ? before.name : name
}

/** @throws DomainError `invalid_body` for entitlements of other sources than the one that was told */
function sourceOf(
  told: string | null,
  { entitlements }: Contents,
  sources: ReadonlyMap<string, string>,
): string | null {
  const [only, ...others] = new Set(entitlements.map(({ entitlement_id }) => sources.get(entitlement_id) ?? null))
  if (told === null) return others.length === 0 ? (only ?? null) : null
  if (others.length > 0 || (only !== undefined && only !== told))
    throw new DomainError('invalid_body', "entitlements: some of them belong to other sources than the profile's")
  return told
}

const idOf = (draft: NewDraft | ChangedDraft): string => ('id' in draft ? draft.id : draft.before.id)

const claimOf = ({ name, external_id }: AccessProfileLine, draft: NewDraft | ChangedDraft): NameClaim => ({
  id: idOf(draft),
  external_id,
  name: 'before' in draft ? (draft.plan.changed.name ?? draft.before.name) : name,
  before: 'before' in draft ? draft.before.name : null,
})

function unknownName({ kind, externalId, message }: UnknownName): LineOutcome {
  if (kind !== 'access_profile') return failed('invalid_body', message)
  const failure = { code: 'invalid_body' as const, message: `${message}, or it waits for this one in turn` }
  return { is: 'waiting', for: externalId, failure }
}

const asNamed = ({ before, plan: { changed, contents } }: ChangedDraft): NamedProfile => ({
  type_id: before.type_id ?? null,
  name: changed.name ?? before.name,
  contents,
  before: contentsOf(before),
})

const asTyped = ({ before, plan: { contents } }: ChangedDraft): TypedProfile => ({
  type_id: before.type_id ?? null,
  access_request_policy_id: before.version_policy_id ?? before.access_request_policy_id ?? null,
  contents,
})

function columnsAfter({ before, plan, source }: ChangedDraft, now: Date, actor: Actor): ImportedColumns {
  const { started_at, ...kept } = before
  const published_version = plan.republished ? before.last_number + 1 : before.published_version
  return {
    ...kept,
    started_at: started_at === null ? null : new Date(started_at),
    request_config: before.request_config,
    ...columnsOf(plan.changed, now, actor),
    id: before.id,
    source_id: source,
    source_given: plan.told !== null,
    published_version,
  }
}
