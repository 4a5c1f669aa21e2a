import { columns, ids, raw, time, type Projection } from '#platform'

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
