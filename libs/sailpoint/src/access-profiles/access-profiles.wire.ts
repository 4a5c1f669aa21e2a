import {
  namedApprovers, type ApprovalScheme, type ExpectedName, type ProfileChange, type ProfileInput,
  type RemovalReport, type RequestConfig,
} from '#access-profiles' // prettier-ignore
import { parseId } from '#kernel'
import type { JsonText } from '#platform'
import { changedMembers, type Json, type JsonObject } from '../json-patch/index.ts'
import { wrongField } from '../refusals.ts'
import { hexId } from '../wire.ts'
import { AccessProfileChange, type AccessProfile, type AccessProfileBulkDeleteResponse } from './access-profiles.dto.ts'
import type { AccessProfileApprovalScheme, Requestability } from './approval.dto.ts'

/** What a profile has that was not told. */
const defaults = {
  description: null,
  enabled: true,
  entitlements: [],
  requestable: true,
  accessRequestConfig: null,
  revocationRequestConfig: null,
  segments: [],
  provisioningCriteria: null,
  additionalOwners: [],
  accessModelMetadata: { attributes: null },
} satisfies Partial<AccessProfile>

const rules = {
  roots: ['name', 'owner', 'source', ...Object.keys(defaults)],
  aliases: { revokeRequestConfig: 'revocationRequestConfig' },
  flags: ['enabled', 'requestable'],
  appendable: ['entitlements'],
}

/** @throws DomainError `invalid_body` for metadata, which a new profile does not have, and for a profile without a source */
export function newProfile(body: AccessProfile): ProfileInput {
  if (body.accessModelMetadata?.attributes?.length)
    throw wrongField('accessModelMetadata', 'accessModelMetadata must be empty for a new profile; patch it afterwards')
  return { ...changeOf({ ...defaults, ...body }), name: body.name }
}

/**
 * What a JSON Patch changes of the profile as the client sees it. Members that stay are not judged again: a profile that
 * another API made can be patched where this one could not have made it.
 */
export function profilePatch(seen: JsonText, body: unknown): ProfileChange {
  const before = whole(seen.toJSON() as JsonObject)
  return changeOf(withoutStaleNames(changedMembers(AccessProfileChange, before, body, rules, absent), before))
}

/** The members that the path of the seeds leaves out, which a patch may add to. */
function whole(seen: JsonObject): JsonObject {
  const config = seen['accessRequestConfig']
  const later = { reauthorizationRequired: null, requireEndDate: null, maxPermittedAccessDuration: null }
  const accessRequestConfig = config && { ...later, ...(config as JsonObject) }
  return { ...(structuredClone(defaults) as JsonObject), ...seen, accessRequestConfig: accessRequestConfig ?? null }
}

/** A member that the patch has cleared or taken away: null where that means nothing, else what a new profile has. */
function absent(root: string, after: JsonObject): unknown {
  if (root === 'owner' && after[root] === null) return null
  if (root in defaults) return defaults[root as keyof typeof defaults]
  throw wrongField(root, `Required field '${root}' was missing or empty.`, 'missing')
}

/** Who changes an id and not the name beside it does not say that the name is right. */
function withoutStaleNames(change: AccessProfileChange, before: JsonObject): AccessProfileChange {
  const old = [before['owner'], ...((before['additionalOwners'] ?? []) as Json[])] as (JsonObject | null)[]
  for (const owner of [change.owner, ...(change.additionalOwners ?? [])]) {
    const same = old.filter((each) => each?.['name'] === owner?.name)
    if (owner && same.length > 0 && !same.some((each) => each && parseId(String(each['id'])) === owner.id))
      owner.name = null
  }
  return change
}

/** Ours for what is given of theirs. */
function changeOf(body: AccessProfileChange): ProfileChange {
  const { name, description, enabled, owner, source, entitlements, requestable, segments } = body
  const { accessRequestConfig, revocationRequestConfig, provisioningCriteria, additionalOwners, accessModelMetadata } =
    body
  if (source === null) throw wrongField('source', "Required field 'source' was missing or empty.", 'missing')
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { state: enabled ? 'running' : 'paused' }),
    ...(owner !== undefined && { owner_id: owner?.id ?? null }),
    ...(source !== undefined && { source_id: source.id }),
    ...(entitlements !== undefined && { entitlements: entitlementsOf(entitlements ?? []) }),
    ...(requestable !== undefined && { requestable }),
    ...(accessRequestConfig !== undefined && { request_config: requestConfigOf(accessRequestConfig) }),
    ...(revocationRequestConfig !== undefined && {
      revocation_config: revocationRequestConfig && {
        approval_schemes: schemesOf('revocationRequestConfig', revocationRequestConfig.approvalSchemes),
      },
    }),
    ...(segments !== undefined && { segment_ids: segments ?? [] }),
    ...(provisioningCriteria !== undefined && {
      provisioning_criteria: provisioningCriteria && { ...provisioningCriteria },
    }),
    ...(additionalOwners !== undefined && {
      additional_owners: (additionalOwners ?? []).map(({ type, id }) => ({ type, id })),
    }),
    ...(accessModelMetadata !== undefined && {
      access_model_metadata: accessModelMetadata?.attributes ? { ...accessModelMetadata } : null,
    }),
    expected: expectedNames(body),
  }
}

/** Each once, in order: the examples of the contract themselves name one twice. */
function entitlementsOf(references: readonly { readonly id: string }[]): { entitlement_id: string }[] {
  return [...new Set(references.map(({ id }) => id))].map((entitlement_id) => ({ entitlement_id }))
}

function requestConfigOf(config: Requestability | null): RequestConfig | null {
  if (config === null) return null
  const { maxPermittedAccessDuration: duration } = config
  return {
    comments_required: config.commentsRequired ?? null,
    denial_comments_required: config.denialCommentsRequired ?? null,
    reauthorization_required: config.reauthorizationRequired ?? null,
    require_end_date: config.requireEndDate ?? null,
    max_duration: duration ? { value: duration.value, unit: duration.timeUnit } : null,
    form_definition_id: config.formDefinitionId ?? null,
    approval_schemes: schemesOf('accessRequestConfig', config.approvalSchemes),
  }
}

/** An id is read where the type names somebody by it, and there it must be one. */
function schemesOf(config: string, schemes: AccessProfileApprovalScheme[] | null = null): ApprovalScheme[] | null {
  return (
    schemes?.map(({ approverType, approverId }, index) => {
      const approver_type = approverType as ApprovalScheme['approver_type']
      const named = (namedApprovers as readonly string[]).includes(approverType)
      if (!named || !approverId) return { approver_type, approver_id: null }
      const approver_id = parseId(approverId)
      if (approver_id === null) {
        const field = `${config}.approvalSchemes.${index}.approverId`
        throw wrongField(field, `${field}: nobody has the id ${JSON.stringify(approverId.slice(0, 64))}`, 'not_found')
      }
      return { approver_type, approver_id }
    }) ?? null
  )
}

function expectedNames({ owner, additionalOwners }: AccessProfileChange): ExpectedName[] {
  const others = (additionalOwners ?? []).map((each, index) => ({ ...each, field: `additionalOwners.${index}.name` }))
  const all = [...(owner ? [{ ...owner, type: 'IDENTITY', field: 'owner.name' }] : []), ...others]
  return all.flatMap(({ field, type, id, name }) =>
    name ? [{ field, kind: type === 'IDENTITY' ? ('identity' as const) : ('group' as const), id, name }] : [],
  )
}

export function bulkDeleteResponse({ deleted, in_use, task_id }: RemovalReport): AccessProfileBulkDeleteResponse {
  return {
    ...(task_id !== null && { taskId: hexId(task_id) }),
    pending: deleted.map(hexId),
    inUse: in_use.map(({ id, users }) => ({
      accessProfileId: hexId(id),
      usedBy: users.map((user) => ({ type: 'ROLE' as const, id: hexId(user.id), name: user.name })),
    })),
  }
}
