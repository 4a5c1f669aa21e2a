import { FieldTable, flag, id, instant, text } from '#filter'
import { column, columns, documents, json, object, raw, time, type Fragment, type Projection } from '#platform'
import { hex, orNull, reference, word } from '../../wire.fields.ts'

const alias = raw(`coalesce(t.attributes ->> 'uid', t.external_id, t.name)`)
const isActive = `t.lifecycle_state = 'active'`
const status = raw(`case when ${isActive} then 'ACTIVE' else 'DEACTIVATED' end`)
const manager = reference('IDENTITY', raw('m.id'), raw('m.name'), raw('identities m where m.id = t.manager_id'))

/*
 * Where few manage many, PostgreSQL expects the first report near and looks for it from the table's start: for somebody who has
 * none, through the whole of it. What is materialized is planned as if all of it were read, by the index, and read to its first row.
 */
const isManager = raw(
  'exists (with r as materialized (select from identities r where r.manager_id = t.id) select from r)',
)

/** What anybody may know of a person. Which attributes are public a tenant cannot say yet, so none is. */
export const publicIdentityView: Projection = {
  table: 'identities',
  fields: {
    id: hex(column('id')),
    ...columns('name'),
    alias,
    ...columns('email'),
    status: raw(`case when ${isActive} then 'Active' else 'Inactive' end`),
    identityState: raw(`case when ${isActive} then 'ACTIVE' else 'INACTIVE_LONG_TERM' end`),
    manager,
    attributes: json(raw(`'[]'`)),
  },
}

export const identityView: Projection = {
  table: 'identities',
  text: true,
  fields: {
    id: hex(column('id')),
    ...columns('name'),
    created: time('created_at'),
    modified: time('updated_at'),
    alias,
    emailAddress: column('email'),
    processingState: json(raw(`'null'`)),
    identityStatus: status,
    managerRef: manager,
    isManager,
    lastRefresh: time('updated_at'),
    ...documents('attributes'),
    lifecycleState: orNull(object({ stateName: column('lifecycle_state'), manuallyUpdated: raw('false') })),
  },
}

/** A member of a governance group. */
export const memberView: Projection = {
  table: 'identities',
  fields: {
    type: word('IDENTITY'),
    id: hex(column('id')),
    ...columns('name'),
    email: raw(`coalesce(t.email, '')`),
  },
}

const ids = { operators: ['eq', 'in'] } as const
const prefixes = { operators: ['eq', 'sw'] } as const
const moments = { operators: [], sortable: true } as const
const attribute = (name: string): Fragment => raw(`t.attributes ->> '${name}'`)
/** The stored key of a text that may be longer. */
const beginning = (name: string) => ({ key: column(name), keyLength: 512 })

const people = {
  id: id(column('id'), ids),
  email: text(column('email'), { key: column('email_key'), ...prefixes, nullable: true }),
  firstname: text(attribute('firstname'), { ...beginning('first_name_key'), ...prefixes, nullable: true }),
  lastname: text(attribute('lastname'), { ...beginning('last_name_key'), ...prefixes, nullable: true }),
}

export const publicIdentityFields = new FieldTable({
  ...people,
  alias: text(alias, { ...beginning('alias_key'), ...prefixes }),
  name: text(column('name'), { key: column('name_key'), operators: [], sortable: true }),
})

export const identityFields = new FieldTable({
  ...people,
  alias: text(alias, { ...beginning('alias_key'), ...prefixes, sortable: true }),
  name: text(column('name'), { key: column('name_key'), ...prefixes, sortable: true }),
  cloudStatus: text(status, { operators: ['eq'], sortable: true }),
  processingState: text(raw('null::text'), { operators: ['eq'], nullable: true }),
  correlated: flag(raw('true'), { operators: ['eq'] }),
  protected: flag(raw('false'), { operators: ['eq'] }),
})

/** Members of a group are sorted, not filtered. */
export const memberFields = new FieldTable({
  name: text(column('name'), { key: column('name_key'), operators: [], sortable: true }),
  created: instant(column('created_at'), moments),
  modified: instant(column('updated_at'), moments),
})
