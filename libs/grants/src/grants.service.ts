import { Injectable } from '@nestjs/common'
import { DomainError, may, newId, notFound, parseId, type Actor } from '#kernel'
import { Changes } from '#audit'
import { Database, type JsonText, type Precondition } from '#platform'
import type {
  CreateGrant,
  ExtendGrant,
  GrantQuery,
  GrantView,
  RevocationReport,
  RevokeGrant,
  RevokeGrants,
} from './grants.dto.ts'
import { change, ending, entry } from './grant-changes.ts'
import { GrantsRepository } from './grants.repository.ts'
import { agrees, grantable, typedTarget, type Target } from './target.ts'

const bulkLimit = 1000
// The timeline goes with the grant wherever it goes, so it does not grow without end.
const mostExtensions = 1000
const endOfTime = Date.UTC(9999, 11, 31)

/**
 * Grants and their life. Access is the union of a person's live grants: each grant ends on its own, and an ending says
 * (`access_ended`) whether the access itself has ended or another live grant still covers it.
 */
@Injectable()
export class GrantsService {
  readonly #database: Database
  readonly #grants: GrantsRepository
  readonly #changes: Changes

  constructor(database: Database, grants: GrantsRepository, changes: Changes) {
    this.#database = database
    this.#grants = grants
    this.#changes = changes
  }

  list(actor: Actor, query: GrantQuery): Promise<JsonText> {
    const { status, grantee_id, resource_type, resource_id, ...page } = query
    const own = may(actor, 'grants:read') ? grantee_id : ownGrantee(actor, grantee_id)
    return this.#grants.list({ status, grantee_id: own, resource_type, resource_id }, page)
  }

  async get(actor: Actor, id: string): Promise<GrantView> {
    return visible(actor, id, await this.#grants.find(id))
  }

  create(actor: Actor, input: CreateGrant): Promise<GrantView> {
    return this.#database.transaction(async () => {
      await this.#checkGrantee(input.grantee_id)
      const target = await this.#target(input)
      const now = await this.#grants.now()
      const { startsAt, expiresAt } = period(input, now)
      const until = input.extension?.until === undefined ? null : new Date(input.extension.until)
      if (until !== null && until <= (expiresAt ?? startsAt))
        throw invalid('extension.until', 'No extension could reach it: it must lie after the end of the grant')
      const scheduled = startsAt > now
      const id = newId()
      const created = entry('created', now, actor, input.reason)
      await this.#grants.insertAll([
        {
          id,
          grantee_id: input.grantee_id,
          ...target,
          state: scheduled ? 'scheduled' : 'active',
          starts_at: startsAt,
          granted_at: now,
          expires_at: expiresAt,
          revoked_at: null,
          revoke: null,
          access_profile_id: null,
          extension_limit: input.extension?.limit ?? null,
          extension_until: until,
          metadata: input.metadata ?? {},
          timeline: scheduled ? [created] : [created, entry('activated', now, actor)],
          external_id: input.external_id ?? null,
        },
      ])
      const grant = await this.#read(id)
      await this.#changes.record(actor, { ...change('created', grant), reasoning: input.reason ?? null })
      return grant
    })
  }

  extend(actor: Actor, id: string, input: ExtendGrant, precondition: Precondition): Promise<GrantView> {
    return this.#database.transaction(async () => {
      const grant = await this.#lock(actor, id, precondition)
      await this.#checkGrantee(grant.grantee_id)
      const expiresAt = extendedEnd(grant, input.duration_seconds)
      const now = await this.#grants.now()
      const extended = { ...entry('extended', now, actor, input.reason), expires_at: expiresAt.toISOString() }
      await this.#grants.extend(id, expiresAt, extended)
      const after = await this.#read(id)
      const metadata = { expires_at: { from: grant.expires_at, to: after.expires_at } }
      await this.#changes.record(actor, { ...change('extended', after), metadata, reasoning: input.reason })
      return after
    })
  }

  revoke(actor: Actor, id: string, input: RevokeGrant, precondition: Precondition): Promise<GrantView> {
    return this.#database.transaction(async () => {
      await this.#lock(actor, id, precondition)
      const [revoked] = await this.#end(actor, [id], input)
      if (!revoked) throw notRevocable(await this.#read(id))
      return revoked
    })
  }

  /** Each grant on its own: one that cannot be revoked does not keep the others from it. */
  revokeMany(actor: Actor, input: RevokeGrants): Promise<RevocationReport> {
    const { ids, grantee_id, resource_type, resource_id, filter } = input
    const selected = [grantee_id, resource_type, resource_id, filter].some((each) => each !== undefined)
    if ((ids === undefined) === !selected) {
      throw new DomainError(
        'invalid_body',
        'Give either ids, or a selection by grantee_id, resource_type, resource_id or filter',
      )
    }
    return this.#database.transaction(async () => {
      const found =
        ids ?? (await this.#grants.openIds({ grantee_id, resource_type, resource_id }, filter, bulkLimit + 1))
      const wanted = found.slice(0, bulkLimit)
      await this.#grants.lock(wanted)
      const ended = new Map((await this.#end(actor, wanted, input)).map((grant) => [grant.id, grant]))
      const others = await this.#grants.findAll(wanted.filter((id) => !ended.has(id)))
      const known = new Map(others.map((grant) => [grant.id, grant]))
      const items = wanted.map((id) => {
        const grant = ended.get(id)
        if (grant) return { id, outcome: 'revoked' as const, grant }
        const before = known.get(id)
        const { code, message } = before ? notRevocable(before) : notFound('grant', id)
        return { id, outcome: 'failed' as const, error: { code, message } }
      })
      return { items, has_more: found.length > bulkLimit }
    })
  }

  /** Writes down what time has changed; gives how many grants that were. At most `limit` in one transaction. */
  settle(actor: Actor, limit: number): Promise<number> {
    return this.#database.transaction(async () => {
      const settled = await this.#grants.settle(limit, { type: actor.type, id: actor.id })
      if (settled.length === 0) return 0
      await this.#changes.serialize()
      const covered = await this.#grants.stillCovered(settled.map(({ id }) => id))
      const events = new Map(settled.map(({ id, event }) => [id, event]))
      const grants = await this.#grants.findAll([...events.keys()])
      const changes = grants.map((grant) =>
        events.get(grant.id) === 'activated' ? change('activated', grant) : ending('expired', grant, covered),
      )
      await this.#changes.record(actor, ...changes)
      return settled.length
    })
  }

  /** Revokes those of the grants that are still open, which are locked; the end of one may pass until it is done. */
  async #end(actor: Actor, ids: readonly string[], { reason, comment = null }: RevokeGrant): Promise<GrantView[]> {
    const now = await this.#grants.now()
    const by = { type: actor.type, id: actor.id }
    const revoke = { reason, comment, actor: by }
    const revoked = { ...entry('revoked', now, actor, reason), ...(comment && { comment }) }
    const ended = await this.#grants.revoke(ids, revoke, revoked)
    if (ended.length === 0) return []
    await this.#changes.serialize()
    const covered = await this.#grants.stillCovered(ended)
    const grants = await this.#grants.findAll(ended)
    await this.#changes.record(
      actor,
      ...grants.map((grant) => ({ ...ending('revoked', grant, covered), reasoning: comment ?? reason })),
    )
    return grants
  }

  async #lock(actor: Actor, id: string, precondition: Precondition): Promise<GrantView> {
    const [found] = await this.#grants.lock([id])
    const grant = visible(actor, id, found ?? null)
    if (!may(actor, 'grants:write') && grant.grantee_id !== actor.identityId) {
      throw new DomainError('forbidden', "The credential may end its own person's grants only", {
        required_scopes: ['grants:write'],
      })
    }
    precondition.check(grant.version)
    return grant
  }

  async #read(id: string): Promise<GrantView> {
    const grant = await this.#grants.find(id)
    if (!grant) throw notFound('grant', id)
    return grant
  }

  async #checkGrantee(id: string): Promise<void> {
    const state = await this.#grants.identityState(id)
    if (state === null) throw invalid('grantee_id', `No identity has the id ${id}`)
    if (state !== 'active')
      throw new DomainError('invalid_state', `The identity ${id} is ${state}: it gets no new access`)
  }

  /** The resource and action, and the entitlement that stands for them when there is one. */
  async #target({ resource, action, entitlement_id, metadata }: CreateGrant): Promise<Target> {
    const entitlementId = entitlement_id ?? (resource?.type === 'entitlement' ? parseId(resource.id) : null)
    if (entitlementId !== null) {
      const entitlement = (await this.#grants.entitlements([entitlementId])).get(entitlementId)
      if (!entitlement) throw invalid('entitlement_id', `No entitlement has the id ${entitlementId}`)
      const target = grantable(entitlement)
      if (!agrees(target, resource, action))
        throw invalid('resource', 'resource and action must be those of the entitlement, or be left out')
      return target
    }
    const target = typedTarget(resource, action)
    if (typeof target === 'string') throw invalid(target.split(':', 1)[0] ?? '', target)
    const accountId = metadata?.['account_id']
    const found = await this.#grants.entitlementsFor(target)
    const fitting = accountId === undefined ? found : found.filter(({ account_id }) => account_id === accountId)
    if (fitting.length > 1) {
      const ids = fitting.map(({ id }) => id)
      throw invalid('entitlement_id', `Several entitlements give this: name one of ${ids.join(', ')}`)
    }
    return { ...target, entitlement_id: fitting[0]?.id ?? null }
  }
}

function period(input: CreateGrant, now: Date): { startsAt: Date; expiresAt: Date | null } {
  if (input.duration_seconds !== undefined && input.expires_at !== undefined) {
    throw invalid('duration_seconds', 'Give expires_at or duration_seconds, not both')
  }
  const startsAt = new Date(Math.max(now.getTime(), input.starts_at ? Date.parse(input.starts_at) : 0))
  const end =
    input.duration_seconds === undefined ? input.expires_at : startsAt.getTime() + input.duration_seconds * 1000
  if (end === undefined || end === null) return { startsAt, expiresAt: null }
  const expiresAt = new Date(end)
  if (expiresAt <= startsAt) throw invalid('expires_at', 'The grant must end after it begins, in the future')
  if (expiresAt.getTime() > endOfTime) throw invalid('expires_at', 'The grant must end before the year 9999')
  return { startsAt, expiresAt }
}

function extendedEnd(grant: GrantView, seconds: number): Date {
  const { state, expires_at, extension } = grant
  if (state !== 'active') throw invalidState(grant, `The grant is ${state}; only an active one can be extended`)
  if (expires_at === null) throw invalidState(grant, 'The grant has no end, so there is nothing to extend')
  if (extension.count >= mostExtensions || (extension.remaining !== null && extension.remaining <= 0)) {
    throw invalidState(grant, `The grant was extended ${extension.count} times, which is all it allows`)
  }
  const end = Date.parse(expires_at) + seconds * 1000
  const until = extension.until === null ? endOfTime : Date.parse(extension.until)
  if (end > until) throw invalidState(grant, `The grant cannot be extended beyond ${new Date(until).toISOString()}`)
  return new Date(end)
}

function notRevocable(grant: GrantView): DomainError {
  const ended = grant.state === 'revoked' ? `was revoked at ${grant.revoked_at}` : `expired at ${grant.expires_at}`
  return invalidState(grant, `The grant ${ended}`)
}

function visible(actor: Actor, id: string, grant: GrantView | null): GrantView {
  const all = may(actor, 'grants:read') || may(actor, 'grants:write')
  if (!grant || !(all || grant.grantee_id === actor.identityId)) throw notFound('grant', id)
  return grant
}

function ownGrantee(actor: Actor, asked: string | undefined): string {
  if (actor.identityId === null || (asked !== undefined && asked !== actor.identityId)) {
    throw new DomainError('forbidden', "The credential sees its own person's grants only", {
      required_scopes: ['grants:read'],
    })
  }
  return actor.identityId
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_body', message, { fields: [{ field, message }] })
}

function invalidState(grant: GrantView, message: string): DomainError {
  return new DomainError('invalid_state', message, { state: grant.state })
}
