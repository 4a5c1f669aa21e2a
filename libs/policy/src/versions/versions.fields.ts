import { column, columns, documents, ids, object, raw, time, type Order, type Projection } from '#platform'

const summary = {
  ...ids('policy_id'),
  ...columns('number', 'rule_count'),
  actor: object({ type: column('actor_type'), id: column('actor_id') }),
  created_at: time('created_at'),
}

export const versionProjection: Projection = { table: 'policy_versions', fields: summary }

export const wholeVersionProjection: Projection = {
  table: 'policy_versions',
  fields: { ...summary, ...documents('document') },
}

export const latestVersionFirst: Order = { keys: [{ expression: raw('t.number'), type: 'bigint' }], descending: true }
