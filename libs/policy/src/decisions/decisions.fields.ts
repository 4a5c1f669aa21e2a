import { column, columns, documents, ids, object, time, type Projection } from '#platform'

export const decisionProjection: Projection = {
  table: 'policy_decisions',
  fields: {
    ...ids('id'),
    principal: object({ type: column('principal_type'), id: column('principal_id') }),
    ...documents('groups'),
    action: object({ type: column('action_type'), id: column('action_id') }),
    resource: object({ type: column('resource_type'), id: column('resource_id') }),
    ...documents('context'),
    ...columns('decision'),
    matching_policy_ids: column('policy_ids'),
    matching_rule_ids: column('rule_ids'),
    ...documents('errors'),
    ...columns('reason', 'set_version', 'duration_us'),
    actor: object({ type: column('actor_type'), id: column('actor_id') }),
    ...columns('request_id'),
    created_at: time('created_at'),
  },
}
