import { FieldTable, id, instant, text } from '#filter'
import { column, columns, ids, sql, time, type Projection } from '#platform'

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

export const linkFilter = new FieldTable({
  id: id(column('id')),
  'principal.type': text(column('principal_type'), { nullable: true, caseExact: true }),
  'principal.id': text(column('principal_id'), { nullable: true, caseExact: true }),
  'resource.type': text(column('resource_type'), { nullable: true, caseExact: true }),
  'resource.id': text(column('resource_id'), { nullable: true, caseExact: true }),
  created_at: instant(column('created_at'), { sortable: true }),
})
