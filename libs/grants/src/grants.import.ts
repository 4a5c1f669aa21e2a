import { Injectable, type OnModuleInit } from '@nestjs/common'
import { Changes } from '#audit'
import { failed, ImportTypes, References, type ImportHandler, type LineOutcome } from '#directory'
import { newId, type Actor } from '#kernel'
import { change, ending } from './grant-changes.ts'
import type { GrantView } from './grants.dto.ts'
import { GrantLine } from './grant-line.ts'
import { GrantsRepository, type GrantUpdate, type NewGrant } from './grants.repository.ts'
import { agrees, grantable, typedTarget, type Grantable, type Target } from './target.ts'

type Planned = { insert: NewGrant } | { update: GrantUpdate } | { outcome: LineOutcome }

/**
 * Grants of another system, in whatever state. What the file says later may end or move a live grant; it never reopens
 * one that has ended here, undoes an extension made here, nor moves the end beyond what extensions may reach.
 */
@Injectable()
export class GrantsImport implements ImportHandler<GrantLine>, OnModuleInit {
  readonly type = 'grant'
  readonly line = GrantLine
  readonly #types: ImportTypes
  readonly #references: References
  readonly #grants: GrantsRepository
  readonly #changes: Changes

  constructor(types: ImportTypes, references: References, grants: GrantsRepository, changes: Changes) {
    this.#types = types
    this.#references = references
    this.#grants = grants
    this.#changes = changes
  }

  onModuleInit(): void {
    this.#types.register(this)
  }

  key({ external_id }: GrantLine): string {
    return external_id
  }

  async store(actor: Actor, lines: readonly GrantLine[]): Promise<readonly LineOutcome[]> {
    const plan = await this.#plan(actor, lines)
    const inserts = plan.flatMap((each) => ('insert' in each ? [each.insert] : []))
    const updates = plan.flatMap((each) => ('update' in each ? [each.update] : []))
    await this.#grants.insertAll(inserts)
    await this.#grants.updateImported(updates, { type: actor.type, id: actor.id })
    await this.#record(actor, inserts, updates)
    return plan.map((each) => ('outcome' in each ? each.outcome : { is: 'insert' in each ? 'created' : 'updated' }))
  }

  async #plan(actor: Actor, lines: readonly GrantLine[]): Promise<Planned[]> {
    const people = await this.#references.resolve(
      'identity',
      lines.map(({ grantee_id }) => grantee_id),
    )
    const named = lines.flatMap(({ entitlement }) => entitlement ?? [])
    const entitlementIds = await this.#references.resolve('entitlement', named)
    const entitlements = await this.#grants.entitlements([...entitlementIds.values()])
    const stored = await this.#grants.lockImported(lines.map(({ external_id }) => external_id))
    const wanted = lines.flatMap(({ external_id, id }) =>
      id && !stored.has(external_id) ? [{ key: external_id, id }] : [],
    )
    const taken = await this.#references.taken({ name: 'grant', table: 'grants' }, wanted)
    const inactive = await this.#grants.inactive([...people.values()])
    const now = await this.#grants.now()
    return lines.map((line) => {
      const grantee = people.get(line.grantee_id)
      if (grantee === undefined) return fail(`grantee_id: no identity has the external id ${line.grantee_id}`)
      const entitlement = line.entitlement ? entitlements.get(entitlementIds.get(line.entitlement) ?? '') : null
      if (entitlement === undefined) return fail(`entitlement: no entitlement has the external id ${line.entitlement}`)
      const target = targetOf(line, entitlement)
      if (typeof target === 'string') return fail(target)
      const before = stored.get(line.external_id)
      const wrong = wrongPeriod(line, before?.starts_at ?? line.starts_at ?? line.granted_at, now)
      if (wrong !== null) return fail(wrong)
      const refused = taken.get(line.external_id)
      if (refused) return { outcome: refused }
      const planned = before
        ? planUpdate(line, grantee, target, before)
        : { insert: newGrant(line, grantee, target, now, actor) }
      return inactive.has(grantee) && givesMore(planned, before)
        ? fail(`grantee_id: the identity ${line.grantee_id} is not active: it gets no new access`)
        : planned
    })
  }

  async #record(actor: Actor, inserts: readonly NewGrant[], updates: readonly GrantUpdate[]): Promise<void> {
    const verbs = new Map<string, 'created' | 'updated' | 'revoked'>([
      ...inserts.map(({ id }) => [id, 'created'] as const),
      ...updates.map(({ id, revoked_at }) => [id, revoked_at === null ? 'updated' : 'revoked'] as const),
    ])
    if (verbs.size === 0) return
    const revoked = updates.flatMap(({ id, revoked_at }) => (revoked_at === null ? [] : [id]))
    const covered = await this.#covered(revoked)
    const grants = await this.#grants.findAll([...verbs.keys()])
    const changes = grants.map((grant) => {
      const verb = verbs.get(grant.id) ?? 'updated'
      return verb === 'revoked' ? ending(verb, grant, covered) : change(verb, grant)
    })
    await this.#changes.record(
      actor,
      ...changes.map((each) => ({ ...each, metadata: { ...each.metadata, import: true } })),
    )
  }

  async #covered(revoked: readonly string[]): Promise<ReadonlySet<string>> {
    if (revoked.length === 0) return new Set()
    await this.#changes.serialize()
    return this.#grants.stillCovered(revoked)
  }
}

const fail = (message: string): Planned => ({ outcome: failed('invalid_body', message) })

function targetOf({ resource, action }: GrantLine, entitlement: Grantable | null): Target | string {
  if (entitlement === null) return typedTarget(resource, action)
  const target = grantable(entitlement)
  return agrees(target, resource, action)
    ? target
    : 'resource, action: must be those of the entitlement, or be left out'
}

function wrongPeriod({ granted_at, expires_at, revoked_at }: GrantLine, starts: string, now: Date): string | null {
  if (expires_at && Date.parse(expires_at) <= Date.parse(starts))
    return 'expires_at: the grant must end after it begins'
  if (!revoked_at) return null
  if (Date.parse(revoked_at) < Date.parse(granted_at))
    return 'revoked_at: the grant cannot be revoked before it was granted'
  return Date.parse(revoked_at) > now.getTime()
    ? 'revoked_at: lies in the future; for an end to come give expires_at'
    : null
}

function newGrant(line: GrantLine, grantee: string, target: Target, now: Date, actor: Actor): NewGrant {
  const granted = new Date(line.granted_at)
  const starts = new Date(line.starts_at ?? line.granted_at)
  const expires = date(line.expires_at)
  const revoked = date(line.revoked_at)
  const by = { type: actor.type, id: actor.id }
  const state = revoked ? 'revoked' : expires && expires <= now ? 'expired' : starts > now ? 'scheduled' : 'active'
  const timeline = [
    { event: 'created', at: granted.toISOString(), actor: by },
    ...(starts <= now ? [{ event: 'activated', at: starts.toISOString(), actor: by }] : []),
    ...(state === 'expired' && expires ? [{ event: 'expired', at: expires.toISOString(), actor: by }] : []),
    ...(revoked ? [{ event: 'revoked', at: revoked.toISOString(), actor: by }] : []),
  ]
  return {
    id: line.id ?? newId(),
    grantee_id: grantee,
    ...target,
    state,
    starts_at: starts,
    granted_at: granted,
    expires_at: expires,
    revoked_at: revoked,
    revoke: revoked ? { reason: 'manual', comment: null, actor: by } : null,
    access_profile_id: null,
    extension_limit: null,
    extension_until: null,
    metadata: line.metadata ?? {},
    timeline,
    external_id: line.external_id,
  }
}

function givesMore(planned: Planned, before: GrantView | undefined): boolean {
  if ('insert' in planned) return planned.insert.state === 'active' || planned.insert.state === 'scheduled'
  return before !== undefined && 'update' in planned && prolongs(planned.update, before)
}

function planUpdate(line: GrantLine, grantee: string, target: Target, before: GrantView): Planned {
  const same =
    before.grantee_id === grantee &&
    before.resource.type === target.resource_type &&
    before.resource.id === target.resource_id &&
    before.action === target.action &&
    equalTimes(before.granted_at, line.granted_at) &&
    (!line.starts_at || equalTimes(before.starts_at, line.starts_at))
  if (!same)
    return fail(
      'grantee_id, resource, action, granted_at and starts_at of a stored grant do not change; give the new grant its own external_id',
    )
  const ended = before.state === 'revoked' || before.state === 'expired'
  const moved = ended || before.extension.count > 0 ? undefined : line.expires_at
  const expires_at = moved === undefined ? before.expires_at : moved
  const revoked_at = ended ? null : (line.revoked_at ?? null)
  const metadata = line.metadata ?? before.metadata
  const update = { id: before.id, expires_at, revoked_at, metadata }
  const { until } = before.extension
  if (prolongs(update, before) && isLater(expires_at, until))
    return fail(`expires_at: the grant cannot be extended beyond ${until}`)
  const unchanged =
    equalTimes(before.expires_at, expires_at) &&
    revoked_at === null &&
    canonical(before.metadata) === canonical(metadata)
  return unchanged ? { outcome: { is: 'unchanged' } } : { update }
}

function date(text: string | null | undefined): Date | null {
  return text ? new Date(text) : null
}

function equalTimes(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b))
}

function prolongs({ revoked_at, expires_at }: GrantUpdate, before: GrantView): boolean {
  return revoked_at === null && isLater(expires_at, before.expires_at)
}

/** Of two ends; null is none, and later than any other. */
function isLater(a: string | null, b: string | null): boolean {
  return b !== null && (a === null || Date.parse(a) > Date.parse(b))
}

/** JSON with its keys in order: the database keeps them in its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}
