import { FieldTable, id, instant, number, text } from '#filter'
import { column, columns, documents, ids, object, time, type Projection } from '#platform'
import { outcomes } from './outcomes.ts'

export const decisionProjection: Projection = {
  table: 'policy_decisions',
  fields: {
    ...ids('id'),
    principal: object({ type: column('principal_type'), id: column('principal_id') }),
    ...documents('groups'),
    action: object({ type: column('action_type'), id: column('action_id') }),
    resource: object({ type: column('resource_type'), id: column('resource_id') }),
    ...ids('entitlement_id'),
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

export const decisionFilter = new FieldTable({
  id: id(column('id')),
  'principal.type': text(column('principal_type'), { caseExact: true }),
  'principal.id': text(column('principal_id'), { caseExact: true }),
  'action.id': text(column('action_id'), { caseExact: true }),
  'resource.type': text(column('resource_type'), { caseExact: true }),
  'resource.id': text(column('resource_id'), { caseExact: true }),
  entitlement_id: id(column('entitlement_id'), { nullable: true }),
  decision: text(column('decision'), { of: outcomes }),
  set_version: number(column('set_version')),
  duration_us: number(column('duration_us')),
  request_id: text(column('request_id'), { nullable: true, caseExact: true }),
  created_at: instant(column('created_at'), { sortable: true }),
})
