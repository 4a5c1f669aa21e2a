import { FieldTable, id, instant, number, text } from '#filter'
import { column, columns, time, type Projection } from '#platform'

export const tenantProjection: Projection = {
  table: 'tenants',
  fields: {
    ...columns('id', 'name', 'slug'),
    created_at: time('created_at'),
    updated_at: time('updated_at'),
    ...columns('version'),
  },
}

export const tenantFilter = new FieldTable({
  id: id(column('id')),
  name: text(column('name'), { sortable: true }),
  slug: text(column('slug'), { caseExact: true, sortable: true }),
  created_at: instant(column('created_at'), { sortable: true }),
  updated_at: instant(column('updated_at'), { sortable: true }),
  version: number(column('version')),
})
