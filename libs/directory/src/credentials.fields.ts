import { FieldTable, id, instant, number, text, texts, type Field } from '#filter'
import { scopes } from '#kernel'
import { column, columns, time, type Projection } from '#platform'

export const credentialFields: Projection['fields'] = {
  ...columns('id', 'name', 'scopes', 'identity_id'),
  expires_at: time('expires_at'),
  last_used_at: time('last_used_at'),
  ...columns('created_by'),
  created_at: time('created_at'),
}

const filterFields: Readonly<Record<string, Field>> = {
  id: id(column('id')),
  name: text(column('name'), { sortable: true }),
  scopes: texts(column('scopes'), { of: scopes }),
  identity_id: id(column('identity_id'), { nullable: true }),
  expires_at: instant(column('expires_at'), { nullable: true, sortable: true }),
  last_used_at: instant(column('last_used_at'), { nullable: true, sortable: true }),
  created_by: text(column('created_by'), { caseExact: true }),
  created_at: instant(column('created_at'), { sortable: true }),
}

export const apiKeyFilter = new FieldTable({
  ...filterFields,
  suspended_at: instant(column('suspended_at'), { nullable: true, sortable: true }),
})

export const oauthClientFilter = new FieldTable({
  ...filterFields,
  token_lifetime_seconds: number(column('token_lifetime_seconds'), { nullable: true }),
})
