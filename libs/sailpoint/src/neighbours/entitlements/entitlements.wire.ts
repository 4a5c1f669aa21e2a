import type { CreateEntitlement, EntitlementFields, SegmentSelection, Stored } from '#directory'
import { parseId, type Actor } from '#kernel'
import type { JsonText } from '#platform'
import { changedMembers, type JsonObject } from '../../json-patch/index.ts'
import { wrongParameter } from '../../refusals.ts'
import { segmentsIn } from '../../segment-query.ts'
import {
  EntitlementChange, type EntitlementApprovalScheme, type EntitlementQuery, type EntitlementRequestConfig,
} from './entitlements.dto.ts' // prettier-ignore

const rules = {
  roots: ['name', 'description', 'requestable', 'privileged', 'owner', 'segments', 'manuallyUpdatedFields'],
  flags: ['requestable', 'privileged'],
}

export function change(operations: unknown) {
  return (seen: JsonText, before: Stored<EntitlementFields>): Partial<CreateEntitlement> => {
    const body = changedMembers(EntitlementChange, seen.toJSON() as JsonObject, operations, rules)
    const { name, description, requestable, privileged, owner, segments, manuallyUpdatedFields } = body
    const { sailpoint, ...others } = before.extensions
    return {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(requestable !== undefined && { requestable }),
      ...(privileged !== undefined && { privileged }),
      ...(owner !== undefined && { owner_id: owner?.id ?? null }),
      ...(segments !== undefined && { segment_ids: segments ?? [] }),
      ...(manuallyUpdatedFields !== undefined && {
        extensions: { ...others, sailpoint: { ...(sailpoint as object | undefined), manuallyUpdatedFields } },
      }),
    }
  }
}

/** Both parts as the body has them; what it does not say is as if it had never been said. */
export function requestConfig({ accessRequestConfig, revocationRequestConfig }: EntitlementRequestConfig) {
  const { approvalSchemes, maxPermittedAccessDuration: longest, ...flags } = accessRequestConfig ?? {}
  return (): Partial<CreateEntitlement> => ({
    request_config: accessRequestConfig
      ? {
          comments_required: flags.requestCommentRequired ?? false,
          denial_comments_required: flags.denialCommentRequired ?? false,
          reauthorization_required: flags.reauthorizationRequired ?? false,
          require_end_date: flags.requireEndDate ?? false,
          max_duration: longest ? { value: longest.value, unit: longest.timeUnit } : null,
          approval_schemes: steps(approvalSchemes),
        }
      : null,
    revocation_config: revocationRequestConfig
      ? { approval_schemes: steps(revocationRequestConfig.approvalSchemes) }
      : null,
  })
}

function steps(schemes: readonly EntitlementApprovalScheme[] | null = null) {
  return (schemes ?? []).map(({ approverType, approverId = null }) => ({
    approver_type: approverType,
    approver_id: approverType === 'GOVERNANCE_GROUP' ? approverId : null,
  }))
}

/**
 * What of the entitlements is asked for; null: all of them.
 * @throws DomainError `invalid_parameter` for an account, of which there are none, and for what does not go together
 */
export function selection(actor: Actor, query: EntitlementQuery): SegmentSelection | null {
  const account = query['account-id']
  if (account !== undefined) throw wrongParameter('account-id', `account-id: no account has the id ${account}`)
  const named = query['segmented-for-identity']
  if (named === undefined) {
    const asked = segmentsIn(query)
    return asked && { segment_ids: asked.segmentIds, include_unsegmented: asked.includeUnsegmented }
  }
  if (query['for-segment-ids'])
    throw wrongParameter('for-segment-ids', 'for-segment-ids does not go together with segmented-for-identity')
  const id = named === 'me' ? actor.identityId : parseId(named)
  if (id === null)
    throw wrongParameter(
      'segmented-for-identity',
      'segmented-for-identity must be me, for a credential of a person, or its id',
    )
  return { segment_ids: [], seen_by: id, include_unsegmented: query['include-unsegmented'] }
}
