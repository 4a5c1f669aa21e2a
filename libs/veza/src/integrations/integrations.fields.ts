import { FieldTable, flag, id, instant, text } from '#filter'
import { column, columns, ids, raw, type Projection } from '#platform'
import { orEmpty } from '../profiles/version.fields.ts'
import { time } from '../time.fields.ts'

const enabled = raw('exists (select from entitlements e where e.source_id = t.id)')

export const integrationView: Projection = {
  table: 'sources',
  fields: {
    ...ids('id'),
    integration: raw('upper(t.connector)'),
    ...columns('name'),
    external_id: orEmpty(column('external_id')),
    enabled,
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

export const integrationFields = new FieldTable({
  id: id(column('id'), { sortable: true }),
  integration: text(raw('upper(t.connector)'), { caseExact: true, sortable: true }),
  name: text(column('name'), { key: column('name_key'), sortable: true }),
  external_id: text(raw(`coalesce(t.external_id, '')`), { caseExact: true, sortable: true }),
  enabled: flag(enabled, { sortable: true }),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
})
