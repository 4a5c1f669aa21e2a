import { changedFields } from '#audit'
import { checkResource } from '#kernel'
import { text } from '#filter'
import { column, columns, raw, sql, type Fragment } from '#platform'
import { kind } from '../kind.fields.ts'
import { fieldError } from '../object-fields.ts'
import { entitlementDefaults, type EntitlementFields } from './entitlements.dto.ts'
import type { EntitlementRevocationConfig } from './request-config.dto.ts'

export const entitlementKind = kind<EntitlementFields>({
  name: 'entitlement',
  columns: {
    source_id: 'uuid',
    name: 'text',
    description: 'text',
    attribute: 'text',
    value: 'text',
    privileged: 'boolean',
    resource_type: 'text',
    resource_id: 'text',
    action: 'text',
    type: 'text',
    owner_id: 'uuid',
    requestable: 'boolean',
    request_config: 'jsonb',
    revocation_config: 'jsonb',
    segment_ids: 'uuid[]',
    attributes: 'jsonb',
    extensions: 'jsonb',
    external_id: 'text',
  },
  fields: {
    ...columns('source_id', 'name', 'description', 'attribute', 'value', 'privileged'),
    resource: raw(
      `case when t.resource_type is not null then json_build_object('type', t.resource_type, 'id', t.resource_id) end`,
    ),
    ...columns('action', 'type', 'owner_id', 'requestable', 'request_config', 'revocation_config', 'segment_ids'),
    ...columns('attributes', 'extensions', 'external_id'),
  },
  filter: {
    resource_type: null,
    'resource.type': text(column('resource_type'), { caseExact: true, nullable: true }),
    resource_id: null,
    'resource.id': text(column('resource_id'), { caseExact: true, nullable: true }),
    action: text(column('action'), { caseExact: true, nullable: true }),
  },
  row: ({ resource, ...fields }) => ({
    ...fields,
    resource_type: resource?.type ?? null,
    resource_id: resource?.id ?? null,
  }),
  defaults: entitlementDefaults,
  references: { source_id: 'source', owner_id: 'identity' },
  check: ({ resource, action, request_config, revocation_config }) => {
    checkApprovers('request_config', request_config)
    checkApprovers('revocation_config', revocation_config)
    if (resource === null) return
    const wrong =
      resource.type === 'entitlement'
        ? 'an entitlement is not the resource of another one'
        : checkResource(resource.type, resource.id)
    if (wrong !== null) throw fieldError('resource', `resource: ${wrong}`)
    if (action === null)
      throw fieldError('action', 'action is required with a resource: what the entitlement allows to do with it')
  },
})

/** What tells the access that an entitlement gives from other access: what grants are made of and the registry reads. */
const gives = ({ resource, action, attributes }: EntitlementFields): object => ({
  resource,
  action,
  'attributes.account_id': attributes['account_id'] ?? null,
  'attributes.permission_set_name': attributes['permission_set_name'] ?? null,
})

/** The fields by which an entitlement would give other access than before; to be given what it lacked is not such. */
export function accessChanges(before: EntitlementFields, after: EntitlementFields): string[] {
  const lacked = (field: string): boolean => (field === 'action' ? before.action : before.resource) === null
  return Object.keys(changedFields(gives(before), gives(after))).filter((field) => !lacked(field))
}

/** That the entitlement `t` is in one of the segments, or `unsegmented` in none. */
export function inSegments(ids: Fragment, unsegmented: boolean): Fragment {
  const inOne = sql`exists (select from entitlement_segments x where x.entitlement_id = t.id and x.segment_id in (${ids}))`
  return unsegmented ? sql`(t.segment_ids = '{}' or ${inOne})` : inOne
}

/** A group decides by its id; the other approvers follow from the entitlement and from who asks. */
function checkApprovers(field: string, config: EntitlementRevocationConfig | null): void {
  for (const [index, { approver_type, approver_id }] of (config?.approval_schemes ?? []).entries()) {
    const at = `${field}.approval_schemes.${index}.approver_id`
    const [isGroup, isNamed] = [approver_type === 'GOVERNANCE_GROUP', typeof approver_id === 'string']
    if (isGroup && !isNamed) throw fieldError(at, `${at} is required: the id of the group that decides`)
    if (!isGroup && isNamed) throw fieldError(at, `${at} must be null for a ${approver_type}`)
  }
}
