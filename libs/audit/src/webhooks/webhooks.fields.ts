import { FieldTable, flag, id, instant, number, text, texts } from '#filter'
import { column, columns, ids, raw, time, type Order, type Projection } from '#platform'

/** Without the secret, which is shown when it is made and never again. */
export const webhookProjection: Projection = {
  table: 'webhooks',
  fields: {
    ...ids('id'),
    ...columns('name', 'url', 'event_types', 'enabled', 'version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

export const webhookFilter = new FieldTable({
  id: id(column('id')),
  name: text(column('name'), { sortable: true }),
  url: text(column('url'), { caseExact: true }),
  event_types: texts(column('event_types')),
  enabled: flag(column('enabled')),
  version: number(column('version')),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
})

export const deliveryStatuses = ['pending', 'succeeded', 'failed'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

export const deliveryProjection: Projection = {
  table: 'webhook_deliveries',
  fields: {
    ...ids('id', 'webhook_id', 'event_id'),
    ...columns('event_type', 'status', 'attempts'),
    next_attempt_at: time('next_attempt_at'),
    ...columns('last_status', 'last_error'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

export const deliveryFilter = new FieldTable({
  id: id(column('id')),
  event_id: id(column('event_id')),
  event_type: text(column('event_type'), { caseExact: true }),
  status: text(column('status'), { of: deliveryStatuses }),
  attempts: number(column('attempts')),
  next_attempt_at: instant(column('next_attempt_at'), { nullable: true, sortable: true }),
  last_status: number(column('last_status'), { nullable: true }),
  last_error: text(column('last_error'), { nullable: true }),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
})

/** The order of the events. */
export const latestEventFirst: Order = { keys: [{ expression: raw('t.event_seq'), type: 'bigint' }], descending: true }
