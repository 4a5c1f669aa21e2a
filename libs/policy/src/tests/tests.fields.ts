import { FieldTable, id, instant, number, text } from '#filter'
import { column, columns, documents, ids, time, type Projection } from '#platform'
import { outcomes } from '../decisions/outcomes.ts'

export const testProjection: Projection = {
  table: 'policy_tests',
  fields: {
    ...ids('id', 'policy_id'),
    ...columns('name'),
    ...documents('request'),
    ...columns('expected', 'version'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
  },
}

export const testFilter = new FieldTable({
  id: id(column('id')),
  name: text(column('name'), { sortable: true }),
  expected: text(column('expected'), { of: outcomes }),
  version: number(column('version')),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
})
