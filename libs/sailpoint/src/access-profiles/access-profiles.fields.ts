import { entitlementsOf, ofOwner, ofSource, published, segmentsOf } from '#access-profiles'
import { elements, FieldTable, flag, id, instant, text } from '#filter'
import {
  array, column, columns, document, object, optional, raw, sql, time, uuid, type Fields, type Fragment, type Projection,
} from '#platform' // prettier-ignore
import { hex, orNull, referenceFields, word } from '../wire.fields.ts'

/*
 * An access profile as SailPoint shows it. Every version shows every field of the latest one; the path of the seeds, which are
 * older, shows those that came later only where they hold something.
 */

/** The steps of a configuration, or null: the text of JSON. */
export const approvalSteps = (config: string): Fragment =>
  sql`case when jsonb_typeof(t.${raw(config)}->'approval_schemes') = 'array' then ${array(
    object({ approverType: raw(`s.value->>'approver_type'`), approverId: raw(`s.value->>'approver_id'`) }),
    raw(`jsonb_array_elements(t.${config}->'approval_schemes') with ordinality s(value, n)`),
    raw('s.n'),
  )} end`
const approvalSchemes = (config: string): Fragment => orNull(approvalSteps(config))

const request = (name: string): Fragment => raw(`t.request_config->'${name}'`)
const given = (value: Fragment): Fragment => sql`nullif(${value}, 'null'::jsonb)`

const duration = sql`case when jsonb_typeof(${request('max_duration')}) = 'object' then ${object({
  value: raw(`t.request_config->'max_duration'->'value'`),
  timeUnit: raw(`t.request_config->'max_duration'->>'unit'`),
})} end`

const earlyRequestability: Fields = {
  commentsRequired: document(request('comments_required')),
  denialCommentsRequired: document(request('denial_comments_required')),
  approvalSchemes: approvalSchemes('request_config'),
}
/** Of one service of 2026 only, so it is shown where it was set. */
const formDefinition = { formDefinitionId: optional(sql`${given(request('form_definition_id'))}::text`) }

/** What asking for it takes, in full. */
export const requestability: Fields = {
  ...earlyRequestability,
  reauthorizationRequired: document(request('reauthorization_required')),
  requireEndDate: document(request('require_end_date')),
  maxPermittedAccessDuration: orNull(duration),
  ...formDefinition,
}
const laterRequestabilityGiven: Fields = {
  reauthorizationRequired: optional(sql`${given(request('reauthorization_required'))}::text`),
  requireEndDate: optional(sql`${given(request('require_end_date'))}::text`),
  maxPermittedAccessDuration: optional(duration),
  ...formDefinition,
}

const ownerRow = `case s.value->>'type' when 'IDENTITY'
  then (select o.name from identities o where o.id = (s.value->>'id')::uuid)
  else (select g.name from groups g where g.id = (s.value->>'id')::uuid) end`

const additionalOwners = array(
  object({ type: raw(`s.value->>'type'`), id: hex(raw(`s.value->>'id'`)), name: raw(ownerRow) }),
  raw(`jsonb_array_elements(t.additional_owners) with ordinality s(value, n)`),
  raw('s.n'),
)
const attributes = sql`case when jsonb_typeof(t.access_model_metadata->'attributes') = 'array'
  then (t.access_model_metadata->'attributes')::text end`

const fields = (requests: Fields): Fields => ({
  id: hex(column('id')),
  ...columns('name', 'description'),
  created: time('created_at'),
  modified: time('updated_at'),
  enabled: raw(`t.state = 'running'`),
  owner: orNull(ofOwner(object(referenceFields('IDENTITY', raw('o.id'), raw('o.name'))))),
  source: orNull(ofSource(object({ id: hex(raw('s.id')), type: word('SOURCE'), name: raw('s.name') }))),
  entitlements: entitlementsOf(published, referenceFields('ENTITLEMENT', raw('e.id'), raw('e.name'))),
  ...columns('requestable'),
  accessRequestConfig: orNull(sql`case when t.request_config is not null then ${object(requests)} end`),
  revocationRequestConfig: orNull(
    sql`case when t.revocation_config is not null then ${object({ approvalSchemes: approvalSchemes('revocation_config') })} end`,
  ),
  segments: segmentsOf(column('id'), uuid(raw('x.segment_id'))),
  provisioningCriteria: document(raw('jsonb_strip_nulls(t.provisioning_criteria)')),
})

/** Under every version. */
export const profileView: Projection = {
  table: 'access_profiles',
  text: true,
  fields: {
    ...fields(requestability),
    additionalOwners,
    accessModelMetadata: object({ attributes: orNull(attributes) }),
  },
}

/** Under the path of the seeds. */
export const seedProfileView: Projection = {
  table: 'access_profiles',
  text: true,
  fields: {
    ...fields({ ...earlyRequestability, ...laterRequestabilityGiven }),
    additionalOwners: optional(sql`case when t.additional_owners <> '[]' then ${additionalOwners} end`),
    accessModelMetadata: optional(
      sql`case when t.access_model_metadata is not null then ${object({ attributes: orNull(attributes) })} end`,
    ),
  },
}

const ids = { operators: ['eq', 'in'] } as const
const moments = { operators: ['gt', 'lt', 'ge', 'le'], sortable: true } as const

/** What the list can be filtered and sorted by. `co` on the name and `entitlement.id` go beyond the original. */
export const profileFields = new FieldTable(
  {
    id: id(column('id'), ids),
    name: text(column('name'), { key: column('name_key'), operators: ['eq', 'sw', 'co', 'in'], sortable: true }),
    created: instant(column('created_at'), moments),
    modified: instant(column('updated_at'), moments),
    'owner.id': id(column('owner_id'), { ...ids, nullable: true }),
    requestable: flag(column('requestable'), { operators: ['eq'] }),
    'source.id': id(column('source_id'), { ...ids, nullable: true }),
    'entitlement.id': elements({
      from: raw('access_profile_entitlements x'),
      where: raw('x.profile_id = t.id and x.number = t.published_version'),
      value: id(raw('x.entitlement_id'), ids),
    }),
  },
  { negation: false },
)
