import { FieldTable, instant, number, text } from '#filter'
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

export const versionFilter = new FieldTable({
  number: number(column('number'), { sortable: true }),
  rule_count: number(column('rule_count')),
  'actor.type': text(column('actor_type'), { caseExact: true }),
  'actor.id': text(column('actor_id'), { caseExact: true }),
  created_at: instant(column('created_at'), { sortable: true }),
})
