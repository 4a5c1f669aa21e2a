import { FieldTable, flag, id, instant, number, text, texts } from '#filter'
import { column, columns, documents, ids, raw, time, type Order, type Projection } from '#platform'
import { actionScopes, effects, entityScopes } from './scopes.ts'

export const ruleProjection: Projection = {
  table: 'policy_rules',
  fields: {
    ...ids('id', 'policy_id'),
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
    ...columns('version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

/** The order in which a policy's rules stand. */
export const inPlace: Order = {
  keys: [
    { expression: raw('t.ordinal'), type: 'bigint' },
    { expression: raw('t.id'), type: 'uuid' },
  ],
  descending: false,
}

export const ruleFilter = new FieldTable({
  id: id(column('id')),
  ordinal: number(column('ordinal'), { sortable: true }),
  effect: text(column('effect'), { of: effects }),
  principal_scope_type: text(column('principal_scope_type'), { of: entityScopes }),
  principal_entity_type: text(column('principal_entity_type'), { nullable: true, caseExact: true }),
  principal_entity_id: text(column('principal_entity_id'), { nullable: true, caseExact: true }),
  action_scope_type: text(column('action_scope_type'), { of: actionScopes }),
  action_ids: texts(column('action_ids')),
  resource_scope_type: text(column('resource_scope_type'), { of: entityScopes }),
  resource_entity_type: text(column('resource_entity_type'), { nullable: true, caseExact: true }),
  resource_entity_id: text(column('resource_entity_id'), { nullable: true, caseExact: true }),
  notice: text(column('notice'), { nullable: true }),
  audit_session: flag(column('audit_session')),
  policy_text: text(column('policy_text')),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
})
