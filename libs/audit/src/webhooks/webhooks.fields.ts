import { columns, ids, raw, time, type Order, type Projection } from '#platform'

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

/** The order of the events. */
export const latestEventFirst: Order = { keys: [{ expression: raw('t.event_seq'), type: 'bigint' }], descending: true }
