import { DomainError, type ErrorCode } from '#kernel'

/** SQLSTATE → code, for what a request can cause. Anything else is ours: `internal`. */
const bySqlState: Record<string, { code: ErrorCode; message: string }> = {
  '23505': { code: 'already_exists', message: 'Another object has the same unique value' },
  '23503': { code: 'in_use', message: 'Something still refers to this object, or it refers to something that is gone' },
  '40001': { code: 'write_conflict', message: 'Another request changed the same data at the same time; try again' },
  '40P01': { code: 'write_conflict', message: 'Another request changed the same data at the same time; try again' },
  '55P03': { code: 'write_conflict', message: 'Another request holds the same data; try again' },
  '23514': { code: 'invalid_request', message: 'The values contradict each other' },
  '54000': { code: 'invalid_request', message: 'A value is too large to be indexed' },
  '57014': { code: 'unavailable', message: 'The request took longer than the server allows' },
}

/** Class 22: a check of ours should have refused the value; the database did. */
const dataException = { code: 'invalid_request', message: 'A value cannot be stored as it is' } as const

/** Constraints whose violation has a better text than its SQLSTATE. The detail names the field of the body. */
const byConstraint: Record<string, { code: ErrorCode; message: string; field?: string }> = {
  tenants_pkey: { code: 'already_exists', message: 'A tenant with this id exists', field: 'id' },
  tenants_slug_key: { code: 'already_exists', message: 'A tenant with this slug exists', field: 'slug' },
  identities_external_id: {
    code: 'already_exists',
    message: 'An identity with this external_id exists',
    field: 'external_id',
  },
  groups_external_id: { code: 'already_exists', message: 'A group with this external_id exists', field: 'external_id' },
  groups_name: { code: 'already_exists', message: 'A group with this name exists', field: 'name' },
  sources_external_id: {
    code: 'already_exists',
    message: 'A source with this external_id exists',
    field: 'external_id',
  },
  sources_name: { code: 'already_exists', message: 'A source with this name exists', field: 'name' },
  entitlements_external_id: {
    code: 'already_exists',
    message: 'An entitlement with this external_id exists',
    field: 'external_id',
  },
  segments_external_id: {
    code: 'already_exists',
    message: 'A segment with this external_id exists',
    field: 'external_id',
  },
  segments_name: { code: 'already_exists', message: 'A segment with this name exists', field: 'name' },
  grants_external_id: { code: 'already_exists', message: 'A grant with this external_id exists', field: 'external_id' },
  policies_name: { code: 'already_exists', message: 'A policy with this name exists', field: 'name' },
  identities_manager: {
    code: 'in_use',
    message: 'The identity still is the manager of others; give them another one first',
  },
  sources_owner: { code: 'in_use', message: 'The identity still owns a source; give it another owner first' },
  groups_owner: { code: 'in_use', message: 'The identity still owns a group; give it another owner first' },
  sources_management_group: {
    code: 'in_use',
    message: 'The group still manages a source; give the source another management group first',
  },
  segments_owner: { code: 'in_use', message: 'The identity still owns a segment; give it another owner first' },
  grants_grantee: {
    code: 'in_use',
    message: 'The identity has grants, which are kept; set lifecycle_state to inactive instead',
  },
  api_keys_identity: { code: 'in_use', message: 'The identity has API keys; set lifecycle_state to inactive instead' },
  oauth_clients_identity: {
    code: 'in_use',
    message: 'The identity has OAuth clients; set lifecycle_state to inactive instead',
  },
  entitlements_source: { code: 'in_use', message: 'The source still has entitlements; delete them first' },
  entitlements_owner: {
    code: 'in_use',
    message: 'The identity still owns an entitlement; give it another owner first',
  },
  entitlement_segments_segment: {
    code: 'in_use',
    message: 'The segment still limits who sees an entitlement; take it away there first',
  },
  entitlement_approvers_group: {
    code: 'in_use',
    message: 'The group still decides about requests for an entitlement; name another one there first',
  },
  grants_entitlement: { code: 'in_use', message: 'The entitlement has grants, which are kept' },
  access_profile_types_name: {
    code: 'already_exists',
    message: 'An access profile type with this name exists',
    field: 'name',
  },
  access_profiles_type: {
    code: 'in_use',
    message: 'There are access profiles of this type; give them another one first',
  },
  access_profiles_name: {
    code: 'already_exists',
    message: 'An access profile with this name exists; case does not tell names apart',
    field: 'name',
  },
  access_profiles_external_id: {
    code: 'already_exists',
    message: 'An access profile with this external_id exists',
    field: 'external_id',
  },
  access_profiles_owner: {
    code: 'in_use',
    message: 'The identity still owns an access profile; give it another owner first',
  },
  access_profiles_source: {
    code: 'in_use',
    message: 'The source still has access profiles; delete them, or give them other entitlements, first',
  },
  access_profile_entitlements_entitlement: {
    code: 'in_use',
    message: 'The entitlement still belongs to an access profile, published or drafted; take it out first',
  },
  access_profile_parents_parent: {
    code: 'in_use',
    message: 'Other access profiles still inherit from this one; take it out of them first',
  },
  access_profile_members_profile: {
    code: 'in_use',
    message: 'The access profile still has members; remove them first',
  },
  access_profile_members_identity: {
    code: 'in_use',
    message: 'The identity is a member of access profiles; remove it there, or set lifecycle_state to inactive, first',
  },
  access_profile_segments_segment: {
    code: 'in_use',
    message: 'The segment still has access profiles; take them out of it first',
  },
  access_profile_parties_identity: {
    code: 'in_use',
    message: 'The identity still is an additional owner or approver of an access profile; name another one first',
  },
  access_profile_parties_group: {
    code: 'in_use',
    message: 'The group still approves for an access profile or owns one; name another one first',
  },
  oidc_issuers_issuer: {
    code: 'already_exists',
    message: 'This issuer and audience are known already',
    field: 'issuer',
  },
}

const unavailableStates = /^(08...|57P0[1235]|53[23]00|58...|25P03)$/
const unavailableCodes = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'P1001', 'P1002', 'P1008', 'P1017',
  'P2024', 'P2028',
]) // prettier-ignore
const unavailableText =
  /Connection terminated|timeout expired|timeout exceeded when waiting for a connection|Client has encountered a connection error|not queryable|Server has closed the connection/

/** What a driver or Prisma threw, as one of our errors. The constraint and the SQLSTATE decide, never the message's text. */
export function toDomainError(error: unknown): unknown {
  if (error instanceof DomainError) return error
  const { sqlState, constraint, code, text } = facts(error)
  const named = constraint === null ? undefined : byConstraint[constraint]
  if (named) {
    return new DomainError(named.code, named.message, named.field ? { field: named.field } : undefined, {
      cause: error,
    })
  }
  const known =
    sqlState === null ? undefined : (bySqlState[sqlState] ?? (sqlState.startsWith('22') ? dataException : undefined))
  if (known) return new DomainError(known.code, known.message, undefined, { cause: error })
  const gone =
    (sqlState !== null && unavailableStates.test(sqlState)) || unavailableCodes.has(code) || unavailableText.test(text)
  if (gone) {
    return new DomainError('unavailable', 'The database cannot be reached just now; try again', undefined, {
      cause: error,
      headers: { 'retry-after': '1' },
    })
  }
  return error
}

interface Facts {
  sqlState: string | null
  constraint: string | null
  code: string
  text: string
}

/** The driver's facts, wherever Prisma put them: on the error, in `meta.driverAdapterError.cause`, or in `cause`. */
function facts(error: unknown): Facts {
  const found: Facts = { sqlState: null, constraint: null, code: '', text: '' }
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 6) return
    const each = value as Record<string, unknown>
    if (value instanceof Error) found.text += `${value.message}\n`
    if (typeof each['constraint'] === 'string') found.constraint ??= each['constraint']
    for (const key of ['code', 'originalCode'] as const) {
      const code = each[key]
      if (typeof code !== 'string') continue
      if (/^[0-9A-Z]{5}$/.test(code) && !/^(P\d{4}|E[A-Z]{4})$/.test(code)) found.sqlState ??= code
      else found.code ||= code
    }
    for (const key of ['meta', 'cause', 'driverAdapterError', 'constraint'] as const) visit(each[key], depth + 1)
    if (typeof each['index'] === 'string') found.constraint ??= each['index']
    if (typeof each['originalMessage'] === 'string') {
      found.constraint ??= /constraint "([^"]+)"/.exec(each['originalMessage'])?.[1] ?? null
    }
  }
  visit(error, 0)
  return found
}
