import { column, json, object, raw, sql, time, type Projection } from '#platform'
import { hex, orNull, word } from '../../wire.fields.ts'

/** Who asked for it, by name: a person or a credential. */
const by = `(case when t.created_by ~ '^[0-9a-f-]{36}$' then t.created_by end)::uuid`
const launcher = raw(`coalesce(
  (select i.name from identities i where i.id = ${by}),
  (select c.name from oauth_clients c where c.id = ${by}),
  (select k.name from api_keys k where k.id = ${by}), t.created_by)`)

/** What it gave, with ids as they are written here. */
const result = raw(
  `regexp_replace(t.result::text, '([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})', '\\1\\2\\3\\4\\5', 'g')`,
)

const succeeded = `t.state = 'succeeded'`
const targetType = `case t.target_type when 'identity' then 'IDENTITY' end`

/** A task as SailPoint shows it. */
export const taskView: Projection = {
  table: 'tasks',
  fields: {
    id: hex(column('id')),
    type: word('QUEUED_TASK'),
    uniqueName: raw(`t.name || ' ' || t.id`),
    description: column('description'),
    parentName: json(raw(`'null'`)),
    launcher,
    target: orNull(
      sql`case when t.target_id is not null then ${object({
        id: hex(column('target_id')),
        type: raw(targetType),
        name: column('target_name'),
      })} end`,
    ),
    created: time('created_at'),
    modified: time('completed_at'),
    launched: time('created_at'),
    completed: time('completed_at'),
    completionStatus: raw(`case when ${succeeded} then 'SUCCESS' when t.state = 'failed' then 'ERROR' end`),
    messages: json(raw(`'[]'`)),
    returns: json(raw(`'[]'`)),
    attributes: json(result),
    progress: raw(`case when ${succeeded} then 'Completed' end`),
    percentComplete: raw(`case when t.state = 'running' then 0 else 100 end`),
    taskDefinitionSummary: object({
      id: column('name'),
      uniqueName: column('name'),
      description: column('description'),
      parentName: column('name'),
      executor: json(raw(`'null'`)),
      arguments: json(raw(`'{}'`)),
    }),
  },
}
