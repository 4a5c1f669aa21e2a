import { connectionCount, groupConnections } from '#access-profiles'
import { elements, FieldTable, id, instant, text } from '#filter'
import { column, columns, object, optional, raw, sql, time, type Projection } from '#platform'
import { hex, longText, word } from '../../wire.fields.ts'

const owner = object({
  type: word('IDENTITY'),
  id: hex(raw('o.id')),
  name: raw('o.name'),
  displayName: raw('o.name'),
  emailAddress: raw(`coalesce(o.email, '')`),
})

/** A group as SailPoint shows it. Its members and connections are counted for the rows that are shown. */
export const workgroupView: Projection = {
  table: 'groups',
  text: true,
  fields: {
    id: hex(column('id')),
    owner: optional(sql`(select ${owner} from identities o where o.id = t.owner_id)`),
    ...columns('name'),
    description: raw(`coalesce(t.description, '')`),
    memberCount: raw('(select count(*) from group_members m where m.group_id = t.id)'),
    connectionCount,
    created: time('created_at'),
    modified: time('updated_at'),
  },
}

const moments = { operators: [], sortable: true } as const

export const workgroupFields = new FieldTable({
  id: id(column('id'), { operators: ['eq', 'in', 'sw'], sortable: true }),
  name: text(column('name'), { key: column('name_key'), operators: ['eq', 'sw', 'in'], sortable: true }),
  'memberships.identityId': elements({
    from: raw('group_members m'),
    where: raw('m.group_id = t.id'),
    value: id(raw('m.identity_id'), { operators: ['eq', 'in'] }),
    operators: ['eq', 'in'],
  }),
  created: instant(column('created_at'), moments),
  modified: instant(column('updated_at'), moments),
  description: longText(column('description'), { operators: [], nullable: true, sortable: true }),
})

export const connectionView: Projection = {
  table: groupConnections,
  fields: {
    object: object({
      type: raw('upper(t.object_type)'),
      id: hex(column('id')),
      ...columns('name', 'description'),
    }),
    connectionType: raw(
      `case t.connection when 'manager' then 'ManagementWorkgroup' when 'owner' then 'Owner' else 'AccessRequestReviewer' end`,
    ),
  },
}

/** Connections are sorted, not filtered. */
export const connectionFields = new FieldTable({
  name: text(column('name'), { key: column('name_key'), operators: [], sortable: true }),
  created: instant(column('created_at'), moments),
  modified: instant(column('updated_at'), moments),
})
