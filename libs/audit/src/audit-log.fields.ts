import { FieldTable, id, instant, json, number, text } from '#filter'
import { actorTypes } from '#kernel'
import { column, columns, raw, time, type Order, type Projection } from '#platform'

export const auditEntries: Projection = {
  table: 'audit_log',
  fields: {
    ...columns(
      'id',
      'seq',
      'actor_id',
      'actor_type',
      'action',
      'resource_type',
      'resource_id',
      'metadata',
      'reasoning',
      'request_id',
    ),
    created_at: time('created_at'),
    prev_hash: raw(`encode(t.prev_hash, 'hex')`),
    hash: raw(`encode(t.hash, 'hex')`),
  },
}

const seq = { expression: raw('t.seq'), type: 'bigint' } as const
export const latestFirst: Order = { keys: [seq], descending: true }
/** Almost the same, and found without reading what is later than the period. */
export const latestFirstByTime: Order = {
  keys: [{ expression: raw('t.created_at'), type: 'timestamptz' }, seq],
  descending: true,
}

export const auditFilter = new FieldTable({
  id: id(column('id')),
  seq: number(column('seq'), { sortable: true }),
  actor_id: text(column('actor_id'), { caseExact: true }),
  actor_type: text(column('actor_type'), { of: actorTypes }),
  action: text(column('action'), { caseExact: true }),
  resource_type: text(column('resource_type'), { caseExact: true }),
  resource_id: text(column('resource_id'), { caseExact: true }),
  metadata: json(column('metadata')),
  reasoning: text(column('reasoning'), { nullable: true }),
  request_id: text(column('request_id'), { caseExact: true, nullable: true }),
  created_at: instant(column('created_at'), { sortable: true }),
})
