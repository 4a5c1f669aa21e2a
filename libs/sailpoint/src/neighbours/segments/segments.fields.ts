import { column, columns, json, raw, sql, time, uuid, type Projection } from '#platform'
import { reference } from '../../wire.fields.ts'

/** Every member of the tree that SailPoint shows: what has no meaning in a node is null there. */
const node = (at: string, children: string): string => `jsonb_build_object('operator', ${at} -> 'operator',
  'attribute', ${at} -> 'attribute', 'value', ${at} -> 'value', 'children', ${children})`

const root = `(t.visibility_criteria -> 'expression')`
const children = `case when jsonb_typeof(${root} -> 'children') = 'array' then (
  select jsonb_agg(${node('c.value', `'null'::jsonb`)} order by c.n)
  from jsonb_array_elements(${root} -> 'children') with ordinality c(value, n)) end`

export const segmentView: Projection = {
  table: 'segments',
  text: true,
  fields: {
    id: uuid(column('id')),
    ...columns('name'),
    created: time('created_at'),
    modified: time('updated_at'),
    description: raw(`coalesce(t.description, '')`),
    owner: reference('IDENTITY', raw('o.id'), raw('o.name'), raw('identities o where o.id = t.owner_id')),
    visibilityCriteria: json(sql`case when t.visibility_criteria is null then 'null'
      else jsonb_build_object('expression', ${raw(node(root, children))})::text end`),
    ...columns('active'),
  },
}
