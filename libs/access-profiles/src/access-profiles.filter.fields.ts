import { choice, elements, FieldTable, flag, id, instant, json, number, text, texts } from '#filter'
import { column, raw } from '#platform'

const created = { created_at: instant(column('created_at'), { sortable: true }) }
const times = { ...created, updated_at: instant(column('updated_at'), { sortable: true }) }

/** What a list of profiles can be filtered and sorted by. What a profile gives is what its published version gives. */
export const profileFilter = new FieldTable({
  id: id(column('id')),
  name: text(column('name'), { key: column('name_key'), sortable: true }),
  description: text(column('description'), { nullable: true }),
  owner_id: id(column('owner_id'), { nullable: true }),
  source_id: id(column('source_id'), { nullable: true }),
  type_id: id(column('type_id'), { nullable: true }),
  state: text(column('state'), { of: ['running', 'paused'] }),
  started_at: instant(column('started_at'), { nullable: true }),
  labels: texts(column('labels')),
  requestable: flag(column('requestable')),
  require_approval_to_start: flag(column('require_approval_to_start')),
  access_request_policy_id: id(column('access_request_policy_id'), { nullable: true }),
  custom_properties: json(column('custom_properties')),
  segment_ids: elements({
    from: raw('access_profile_segments x'),
    where: raw('x.profile_id = t.id'),
    value: id(raw('x.segment_id')),
  }),
  entitlements: elements({
    from: raw('access_profile_entitlements x'),
    where: raw('x.profile_id = t.id and x.number = t.published_version'),
    value: id(raw('x.entitlement_id')),
  }),
  inherits: elements({
    from: raw('access_profile_parents x'),
    where: raw('x.profile_id = t.id and x.number = t.published_version'),
    value: id(raw('x.parent_id')),
  }),
  members: elements({
    from: raw('access_profile_members x'),
    where: raw('x.profile_id = t.id'),
    value: id(raw('x.identity_id')),
  }),
  external_id: text(column('external_id'), { caseExact: true, nullable: true }),
  created_by: text(column('created_by'), { caseExact: true }),
  published_version: number(column('published_version'), { nullable: true }),
  version: number(column('version')),
  ...times,
})

export const versionFilter = new FieldTable({
  profile_id: id(column('profile_id')),
  number: number(column('number'), { sortable: true }),
  state: text(column('state'), { of: ['draft', 'published', 'retired'] }),
  created_by: text(column('created_by'), { caseExact: true }),
  published_by: text(column('published_by'), { caseExact: true, nullable: true }),
  published_at: instant(column('published_at'), { nullable: true }),
  ...times,
})

export const memberFilter = new FieldTable({
  profile_id: id(column('profile_id')),
  identity_id: id(column('identity_id')),
  created_from: text(column('created_from'), { caseExact: true }),
  created_by: text(column('created_by'), { caseExact: true }),
  ...created,
})

/** Of the entitlements that a profile gives. */
export const givenFilter = new FieldTable({
  id: id(column('id')),
  name: text(column('name'), { key: column('name_key'), sortable: true }),
  source_id: id(column('source_id')),
  privileged: flag(column('privileged')),
  grantable: choice({ true: raw('t.action is not null'), false: raw('t.action is null') }),
  ...created,
})
