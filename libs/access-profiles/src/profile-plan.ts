import { changedFields, plain } from '#audit'
import { DomainError, type Actor } from '#kernel'
import {
  profileDefaults, type AccessProfile, type CreateAccessProfile, type NewAccessProfile, type UpdateAccessProfile,
  type VersionContents,
} from './access-profiles.dto.ts' // prettier-ignore
import type { ProfileRow } from './access-profiles.repository.ts'
import { contentsOf, givesSomething, mergedContents, noContents, sameContents, type Contents } from './contents.ts'
import type { ProfileEvent } from './profile-changes.ts'
import { checkedFields, wrongField } from './profile-rules.ts'

/** The fields of a profile that a client may set, but for what stands on its versions. */
export type ProfileFields = Required<Omit<CreateAccessProfile, keyof VersionContents>>

/** What a new profile will be, as far as can be said without the database. */
export interface Creation {
  readonly fields: ProfileFields
  readonly contents: Contents
  readonly publish: boolean
}

/** What a change comes to, as far as can be said without the database. */
export interface Alteration {
  /** The fields that will be different, in the form that is kept. */
  readonly changed: Partial<ProfileFields>
  readonly contents: Contents
  /** Whether it gives something else afterwards. */
  readonly republished: boolean
  /** Whether what it gives has to be checked, and its source found out, again. */
  readonly rechecked: boolean
  /** The source that it has been told; null: it takes it from its entitlements. */
  readonly told: string | null
}

/** @throws DomainError `invalid_body`, `invalid_state` for a draft that is to run */
export function planCreation(input: NewAccessProfile): Creation {
  const { publish = true, ...given } = plain(input)
  const contents = mergedContents(noContents, given)
  const state = given.state ?? (publish && givesSomething(contents) ? 'running' : 'paused')
  if (state === 'running' && !publish) throw unpublished()
  checkRunning(state, contents)
  const fields = { ...profileDefaults, ...ownFields(given), state } as ProfileFields
  return { fields: { ...fields, ...checkedFields(fields) }, contents, publish }
}

/** The fields on which it depends what a profile may give. */
const contentRules = ['source_id', 'type_id', 'access_request_policy_id'] as const

/** Null when nothing would be different. @throws DomainError `invalid_body`, `invalid_state` */
export function planAlteration(
  before: AccessProfile,
  sourceGiven: boolean,
  patch: UpdateAccessProfile,
): Alteration | null {
  const { source_id, ...given } = plain(patch)
  const untold = source_id === undefined || (source_id === null && !sourceGiven)
  const contents = mergedContents(contentsOf(before), given)
  const republished = !sameContents(contents, contentsOf(before))
  const fields = { ...ownFields(given), ...(!untold && { source_id }) }
  const changed = changedFields(before, checkedFields(changedFields(before, fields)))
  if (Object.keys(changed).length === 0 && !republished) return null
  const state = changed.state ?? before.state
  if (state === 'running' && before.published_version === null && !republished) throw unpublished()
  checkRunning(state, contents)
  const moved = changed.source_id !== undefined
  const told = moved ? (changed.source_id ?? null) : sourceGiven ? before.source_id : null
  const rechecked = republished || contentRules.some((name) => changed[name] !== undefined)
  return { changed, contents, republished, rechecked, told }
}

/** What an alteration is recorded as; `number` is that of the version it publishes. */
export function eventsOf(
  before: AccessProfile,
  { changed, contents, republished }: Alteration,
  number: number,
): ProfileEvent[] {
  const fields = [...Object.keys(changed), ...Object.keys(changedFields(contentsOf(before), contents))]
  return [
    { verb: 'updated', metadata: { fields } },
    ...(republished ? [{ verb: 'published', metadata: { number } } as const] : []),
    ...(changed.state ? [{ verb: changed.state === 'running' ? 'started' : 'paused' } as const] : []),
  ]
}

/** The columns of fields; the source is found out, the segments stand elsewhere. */
export function columnsOf(fields: Partial<ProfileFields>, now: Date, actor: Actor): Partial<ProfileRow> {
  const { segment_ids: _s, source_id: _, ...columns } = fields
  if (columns.state === undefined) return columns as Partial<ProfileRow>
  const running = columns.state === 'running'
  return {
    ...(columns as Partial<ProfileRow>),
    started_at: running ? now : null,
    started_by: running ? actor.id : null,
  }
}

/** @throws DomainError `invalid_body` when a profile runs that could give nothing */
export function checkRunning(state: 'running' | 'paused', contents: Contents): void {
  if (state === 'running' && !givesSomething(contents))
    throw wrongField(
      'state',
      'state: a running profile gives at least one entitlement, inherits from another profile, or names an application',
    )
}

function unpublished(): DomainError {
  return new DomainError('invalid_state', 'A profile runs once a version of it is published; publish its draft first')
}

function ownFields(given: UpdateAccessProfile): Partial<ProfileFields> {
  const {
    entitlements: _e,
    inherits: _i,
    application_datasource_id: _d,
    application_sync_identity_action: _a,
    ...own
  } = given
  return own as Partial<ProfileFields>
}
