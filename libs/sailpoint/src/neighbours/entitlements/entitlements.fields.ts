import type { EntitlementView } from '#access-profiles'
import { FieldTable, flag, id, instant, text } from '#filter'
import {
  array,
  column,
  columns,
  document,
  documents,
  json,
  object,
  optional,
  raw,
  sql,
  time,
  uuid,
  type Fields,
  type Fragment,
  type Projection,
} from '#platform'
import { hex, orNull, reference, referenceFields } from '../../wire.fields.ts'

/** What only SailPoint says of an entitlement is kept under its names, and read back as it was sent. */
const own = (name: string): string => `t.extensions->'sailpoint'->'${name}'`

/** Extensions hold whatever was written through `/v1`: what is no uuid must not fail the whole list. */
const namedId = `case when s.value->>'id' ~* '^([0-9a-f]{4}-?){7}[0-9a-f]{4}$' then (s.value->>'id')::uuid end`

const additionalOwners = array(
  object({
    type: raw(`s.value->>'type'`),
    id: hex(raw(namedId)),
    name: raw(`case s.value->>'type' when 'IDENTITY'
      then (select o.name from identities o where o.id = ${namedId})
      else (select g.name from groups g where g.id = ${namedId}) end`),
  }),
  raw(`jsonb_array_elements(${own('additionalOwners')}) with ordinality s(value, n)`),
  raw('s.n'),
)

const fields: Fields = {
  id: hex(column('id')),
  ...columns('name', 'description'),
  attribute: raw(`coalesce(t.attribute, '')`),
  value: raw(`coalesce(t.value, '')`),
  sourceSchemaObjectType: raw(`coalesce(t.type, '')`),
  ...columns('privileged'),
  cloudGoverned: json(raw(`coalesce((${own('cloudGoverned')})::text, 'false')`)),
  ...columns('requestable'),
  owner: reference('IDENTITY', raw('o.id'), raw('o.name'), raw('identities o where o.id = t.owner_id')),
  additionalOwners: json(
    sql`case when jsonb_typeof(${raw(own('additionalOwners'))}) = 'array' then ${additionalOwners} else 'null' end`,
  ),
  manuallyUpdatedFields: document(raw(own('manuallyUpdatedFields'))),
  accessModelMetadata: json(raw(`coalesce((${own('accessModelMetadata')})::text, '{"attributes":[]}')`)),
  created: time('created_at'),
  modified: time('updated_at'),
  source: reference('SOURCE', raw('x.id'), raw('x.name'), raw('sources x where x.id = t.source_id')),
  ...documents('attributes'),
  segments: array(uuid(raw('s.id')), raw('unnest(t.segment_ids) with ordinality s(id, n)'), raw('s.n')),
  directPermissions: json(raw(`coalesce((${own('directPermissions')})::text, '[]')`)),
}

/** An entitlement as SailPoint shows it. */
export const entitlementProjection: Projection = { table: 'entitlements', text: true, fields }

/** The same, of those that a profile gives. */
export const profileEntitlementView: EntitlementView = () => ({ table: 'entitlements', fields })

const kept = (name: string): Fragment => optional(raw(`nullif(${own(name)}, 'null')::text`))
const owner = object(referenceFields('IDENTITY', raw('o.id'), raw('o.name')))

/** Under the path of the seeds: what came later, or was no text when it is null, where it holds something. */
const seedFields: Fields = {
  ...fields,
  description: optional(raw('to_json(t.description)::text')),
  requestable: optional(raw(`case when t.requestable then 'true' end`)),
  owner: optional(sql`(select ${owner} from identities o where o.id = t.owner_id)`),
  additionalOwners: optional(
    sql`case when jsonb_typeof(${raw(own('additionalOwners'))}) = 'array' then ${additionalOwners} end`,
  ),
  manuallyUpdatedFields: kept('manuallyUpdatedFields'),
  accessModelMetadata: kept('accessModelMetadata'),
}

export const seedProfileEntitlementView: EntitlementView = () => ({ table: 'entitlements', fields: seedFields })

const valueKey = { key: column('value_key'), keyLength: 512 }
const ids = { operators: ['eq', 'in'] } as const
const prefixes = { operators: ['eq', 'sw'], sortable: true } as const
const moments = { operators: ['gt', 'lt', 'ge', 'le'], sortable: true } as const

/** What the list of a profile's entitlements can be filtered and sorted by. */
export const profileEntitlementFields = new FieldTable(
  {
    id: id(column('id'), ids),
    name: text(column('name'), { key: column('name_key'), ...prefixes }),
    attribute: text(column('attribute'), { key: column('attribute_key'), nullable: true, ...prefixes }),
    value: text(column('value'), { ...valueKey, nullable: true, ...prefixes }),
    created: instant(column('created_at'), moments),
    modified: instant(column('updated_at'), moments),
    'owner.id': id(column('owner_id'), { ...ids, nullable: true }),
    'source.id': id(column('source_id'), ids),
  },
  { negation: false },
)

const anyOf = { operators: ['eq', 'in'], sortable: true } as const

/** What the list of all entitlements can be filtered and sorted by. */
export const entitlementFields = new FieldTable({
  id: id(column('id'), anyOf),
  name: text(column('name'), { key: column('name_key'), operators: ['eq', 'in', 'sw'], sortable: true }),
  type: text(column('type'), { ...anyOf, caseExact: true, nullable: true }),
  attribute: text(column('attribute'), { key: column('attribute_key'), ...anyOf, nullable: true }),
  value: text(column('value'), {
    operators: ['eq', 'in', 'sw'],
    ...valueKey,
    sortable: true,
    nullable: true,
  }),
  'source.id': id(column('source_id'), anyOf),
  requestable: flag(column('requestable'), { operators: ['eq'], sortable: true }),
  created: instant(column('created_at'), moments),
  modified: instant(column('updated_at'), moments),
  'owner.id': id(column('owner_id'), { ...ids, nullable: true }),
})

const schemes = (config: string): Fragment =>
  array(
    object({ approverType: raw(`s.value ->> 'approver_type'`), approverId: hex(raw(`s.value ->> 'approver_id'`)) }),
    raw(`jsonb_array_elements(case when jsonb_typeof(t.${config} -> 'approval_schemes') = 'array'
    then t.${config} -> 'approval_schemes' else '[]' end) with ordinality s(value, n)`),
    raw('s.n'),
  )
const isSet = (name: string): Fragment => raw(`coalesce((t.request_config ->> '${name}')::boolean, false)`)

/** What asking for an entitlement and taking it away take, whether that was said or not. */
export const requestConfigView: Projection = {
  table: 'entitlements',
  text: true,
  fields: {
    accessRequestConfig: object({
      approvalSchemes: schemes('request_config'),
      requestCommentRequired: isSet('comments_required'),
      denialCommentRequired: isSet('denial_comments_required'),
      reauthorizationRequired: isSet('reauthorization_required'),
      requireEndDate: isSet('require_end_date'),
      maxPermittedAccessDuration: orNull(
        sql`case when jsonb_typeof(t.request_config -> 'max_duration') = 'object' then ${object({
          value: raw(`t.request_config -> 'max_duration' -> 'value'`),
          timeUnit: raw(`t.request_config -> 'max_duration' ->> 'unit'`),
        })} end`,
      ),
    }),
    revocationRequestConfig: object({ approvalSchemes: schemes('revocation_config') }),
  },
}
