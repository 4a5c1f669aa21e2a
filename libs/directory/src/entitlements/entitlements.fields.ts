import { checkResource } from '#kernel'
import { columns, raw } from '#platform'
import { kind } from '../kind.fields.ts'
import { fieldError } from '../object-fields.ts'
import { entitlementDefaults, type EntitlementFields } from './entitlements.dto.ts'

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
    attributes: 'jsonb',
    external_id: 'text',
  },
  fields: {
    ...columns('source_id', 'name', 'description', 'attribute', 'value', 'privileged'),
    resource: raw(
      `case when t.resource_type is not null then json_build_object('type', t.resource_type, 'id', t.resource_id) end`,
    ),
    ...columns('action', 'attributes', 'external_id'),
  },
  row: ({ resource, ...fields }) => ({
    ...fields,
    resource_type: resource?.type ?? null,
    resource_id: resource?.id ?? null,
  }),
  defaults: entitlementDefaults,
  references: { source_id: 'source' },
  check: ({ resource, action }) => {
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
