import { FieldTable, flag, id, instant, number, text } from '#filter'
import { column, columns, ids, raw, time, type Projection } from '#platform'

export const policyProjection: Projection = {
  table: 'policies',
  fields: {
    ...ids('id'),
    ...columns('name', 'description', 'enabled', 'priority', 'max_duration_seconds', 'default_duration_seconds'),
    ...columns('notification_channel'),
    rule_count: raw('(select count(*)::int from policy_rules r where r.policy_id = t.id)'),
    ...columns('version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

export const policyFilter = new FieldTable({
  id: id(column('id')),
  name: text(column('name'), { sortable: true }),
  description: text(column('description'), { nullable: true }),
  enabled: flag(column('enabled')),
  priority: number(column('priority'), { sortable: true }),
  max_duration_seconds: number(column('max_duration_seconds')),
  notification_channel: text(column('notification_channel'), { nullable: true }),
  version: number(column('version')),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
})
