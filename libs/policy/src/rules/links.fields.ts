import { columns, ids, sql, time, type Projection } from '#platform'

const entity = (name: 'principal' | 'resource') =>
  name === 'principal'
    ? sql`case when t.principal_type is not null then json_build_object('type', t.principal_type, 'id', t.principal_id) end`
    : sql`case when t.resource_type is not null then json_build_object('type', t.resource_type, 'id', t.resource_id) end`

export const linkProjection: Projection = {
  table: 'policy_links',
  fields: {
    ...ids('id', 'policy_id', 'rule_id'),
    principal: entity('principal'),
    resource: entity('resource'),
    ...columns('version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}
