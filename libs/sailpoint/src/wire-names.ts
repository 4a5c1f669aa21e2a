/** What our fields are called here; the services name them when they refuse a value. */
const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    state: 'enabled',
    owner_id: 'owner.id',
    source_id: 'source.id',
    segment_ids: 'segments',
    entitlement_id: 'id',
    request_config: 'accessRequestConfig',
    revocation_config: 'revocationRequestConfig',
    approval_schemes: 'approvalSchemes',
    approver_type: 'approverType',
    approver_id: 'approverId',
    max_duration: 'maxPermittedAccessDuration',
    provisioning_criteria: 'provisioningCriteria',
    additional_owners: 'additionalOwners',
    access_model_metadata: 'accessModelMetadata',
    management_group_id: 'managementWorkgroup.id',
    manager_id: 'managerRef.id',
    visibility_criteria: 'visibilityCriteria',
    expires_at: 'expirationDate',
    token_lifetime_seconds: 'accessTokenValiditySeconds',
  }),
)

/** `request_config.approval_schemes.0` is `accessRequestConfig.approvalSchemes.0`; what has the same name in both stays. */
export function wireField(field: string): string {
  return field
    .split('.')
    .map((part) => names.get(part) ?? part)
    .join('.')
}
