import { FieldTable, instant, number, text } from '#filter'
import { column, columns, object, time, type Projection } from '#platform'

const summary = {
  ...columns('number'),
  actor: object({ type: column('actor_type'), id: column('actor_id') }),
  created_at: time('created_at'),
}

export const schemaVersionProjection: Projection = { table: 'policy_schemas', fields: summary }

export const wholeSchemaVersionProjection: Projection = {
  table: 'policy_schemas',
  fields: { ...summary, schema: column('text') },
}

export const schemaVersionFilter = new FieldTable({
  number: number(column('number'), { sortable: true }),
  'actor.type': text(column('actor_type'), { caseExact: true }),
  'actor.id': text(column('actor_id'), { caseExact: true }),
  created_at: instant(column('created_at'), { sortable: true }),
})
