import { choice, FieldTable, id, instant, json, number, text } from '#filter'
import {
  column,
  columns,
  documents,
  ids,
  object,
  raw,
  sql,
  time,
  word,
  type Fragment,
  type Projection,
} from '#platform'

/*
 * What is true of a grant now follows from what was written down and the clock:
 *
 *   written      scheduled ──► active ──► expired        (by the job, some seconds late)
 *                    └────────────┴─────► revoked        (by a person)
 *   true now     starts_at > now: scheduled;  expires_at <= now: expired;  in between: active
 */

/** The grant's state at this moment. */
const stateNow: Fragment = raw(`case
  when t.state in ('expired', 'revoked') then t.state
  when t.expires_at <= app_now() then 'expired'
  when t.starts_at > app_now() then 'scheduled'
  else 'active' end`)

/** Gives access at this moment. */
export const isLive: Fragment = raw(`t.state in ('scheduled', 'active') and t.starts_at <= app_now()
  and (t.expires_at is null or t.expires_at > app_now())`)

/** Neither expired nor revoked: gives access now, or will. */
export const isOpen: Fragment = raw(
  `t.state in ('scheduled', 'active') and (t.expires_at is null or t.expires_at > app_now())`,
)

/** The account of a grant of a permission set, which an entitlement that it is of knows, or else its metadata. */
export const accountOf = (grant: string, entitlement: string): Fragment =>
  raw(`coalesce(${entitlement}.attributes->>'account_id', ${grant}.metadata->>'account_id')`)

export const statuses = ['active', 'expired', 'revoked'] as const
export type GrantStatus = (typeof statuses)[number]

/** The condition of each status that a list can ask for. A scheduled grant has none of them. */
export const hasStatus: Record<GrantStatus, Fragment> = {
  active: isLive,
  expired: raw(`t.state = 'expired' or (t.state in ('scheduled', 'active') and t.expires_at <= app_now())`),
  revoked: raw(`t.state = 'revoked'`),
}

/** Has not begun, and has not ended before. */
const isScheduled: Fragment = raw(`t.state in ('scheduled', 'active') and t.starts_at > app_now()
  and (t.expires_at is null or t.expires_at > app_now())`)

/** What a list shows when it is not asked for a status. */
export const isListed: Fragment = raw(`t.state in ('expired', 'revoked') or t.starts_at <= app_now()`)

/** A scheduled grant is not in force, so it does not say `active`; `state` tells it from an expired one. */
const statusNow: Fragment = raw(`case
  when t.state = 'revoked' then 'revoked'
  when t.state = 'expired' or t.expires_at <= app_now() or t.starts_at > app_now() then 'expired'
  else 'active' end`)

export const grantProjection = {
  table: 'grants',
  kept: {
    column: 'written',
    fields: {
      ...ids('id', 'request_id', 'grantee_id'),
      resource: object({ type: column('resource_type'), id: column('resource_id') }),
      ...columns('action'),
      expires_at: time('expires_at'),
      granted_at: time('granted_at'),
      revoked_at: time('revoked_at'),
      ...documents('metadata'),
      created_at: time('created_at'),
      updated_at: time('updated_at'),
      ...ids('entitlement_id', 'access_profile_id'),
      ...columns('external_id', 'provisioning_status'),
      starts_at: time('starts_at'),
      ...documents('revoke'),
      extension: object({
        count: column('extension_count'),
        remaining: raw('t.extension_limit - t.extension_count'),
        until: time('extension_until'),
      }),
      ...documents('timeline'),
      ...columns('version'),
    },
  },
  fields: { status: word(statusNow), state: word(stateNow) },
} satisfies Projection

export const provisioningStatuses = ['not_attempted', 'pending', 'succeeded', 'failed', 'externally_modified'] as const

/** What a list can be filtered and sorted by. `status` and `state` are what holds at the moment, as in the projection. */
export const grantFilter = new FieldTable({
  id: id(column('id')),
  request_id: id(column('request_id'), { nullable: true }),
  grantee_id: id(column('grantee_id')),
  'resource.type': text(column('resource_type'), { caseExact: true }),
  'resource.id': text(column('resource_id'), { caseExact: true }),
  action: text(column('action'), { caseExact: true }),
  status: choice({ ...hasStatus, expired: sql`(${hasStatus.expired}) or (${isScheduled})` }),
  expires_at: instant(column('expires_at'), { nullable: true, sortable: true }),
  granted_at: instant(column('granted_at')),
  revoked_at: instant(column('revoked_at'), { nullable: true }),
  metadata: json(column('metadata')),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
  state: choice({ scheduled: isScheduled, ...hasStatus }),
  entitlement_id: id(column('entitlement_id'), { nullable: true }),
  access_profile_id: id(column('access_profile_id'), { nullable: true }),
  external_id: text(column('external_id'), { caseExact: true, nullable: true }),
  provisioning_status: text(column('provisioning_status'), { of: provisioningStatuses }),
  starts_at: instant(column('starts_at')),
  'extension.count': number(column('extension_count')),
  version: number(column('version')),
})
