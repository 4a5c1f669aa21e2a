import { FieldTable, flag, id, instant, number, text } from '#filter'
import { column, columns, ids, raw, time, type Projection } from '#platform'

const settings = columns(
  'name',
  'description',
  'enabled',
  'priority',
  'max_duration_seconds',
  'default_duration_seconds',
  'notification_channel',
)

export const policyProjection: Projection = {
  table: 'policies',
  fields: {
    ...ids('id'),
    ...settings,
    rule_count: raw('(select count(*)::int from policy_rules r where r.policy_id = t.id)'),
    ...columns('version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

/** What a version keeps of the policy itself. */
export const settingsProjection: Projection = { table: 'policies', fields: { ...settings, ...columns('version') } }

/** What a version keeps of a link. */
export const storedLinkProjection: Projection = {
  table: 'policy_links',
  fields: {
    ...ids('id', 'rule_id'),
    ...columns('principal_type', 'principal_id', 'resource_type', 'resource_id'),
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
