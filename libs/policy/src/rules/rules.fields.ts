import { columns, documents, ids, raw, time, type Order, type Projection } from '#platform'

/** A rule as it is kept in a version: all of it but what counts its writes. */
const content = {
  ...ids('id'),
  ...columns('ordinal', 'effect'),
  ...columns('principal_scope_type', 'principal_entity_type', 'principal_entity_id'),
  ...columns('principal_in_type', 'principal_in_id'),
  ...columns('action_scope_type', 'action_ids'),
  ...columns('resource_scope_type', 'resource_entity_type', 'resource_entity_id'),
  ...columns('resource_in_type', 'resource_in_id'),
  ...columns('conditions'),
  ...documents('annotations'),
  ...columns('notice', 'advice', 'audit_session', 'slots', 'policy_text'),
  ...documents('policy_json'),
}

const { id, ...rest } = content

export const ruleProjection: Projection = {
  table: 'policy_rules',
  fields: {
    id,
    ...ids('policy_id'),
    ...rest,
    ...columns('version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

export const storedRuleProjection: Projection = { table: 'policy_rules', fields: content }

/** The order in which a policy's rules stand. */
export const inPlace: Order = {
  keys: [
    { expression: raw('t.ordinal'), type: 'bigint' },
    { expression: raw('t.id'), type: 'uuid' },
  ],
  descending: false,
}
