import { parentsOf, published } from '#access-profiles'
import { FieldTable, flag, id, instant, text } from '#filter'
import { column, json, object, raw, sql, type Fragment, type Projection } from '#platform'
import { approvalSteps, profileView, requestability } from '../../access-profiles/access-profiles.fields.ts'
import { orNull, referenceFields } from '../../wire.fields.ts'

const { source: _, provisioningCriteria: _c, ...fields } = profileView.fields
const nothing = json(raw(`'null'`))

/** Of a role these are never null, as those of an access profile may be. */
const steps = (config: string): Fragment => json(sql`coalesce(${approvalSteps(config)}, '[]')`)
const request = object({
  ...requestability,
  requireEndDate: json(raw(`coalesce(nullif(t.request_config->'require_end_date', 'null'), 'false')::text`)),
  approvalSchemes: steps('request_config'),
})
const revocation = object({ approvalSchemes: steps('revocation_config') })

/** A role as SailPoint shows it: an access profile that inherits from others. */
export const roleView: Projection = {
  table: 'access_profiles',
  text: true,
  fields: {
    ...fields,
    accessRequestConfig: orNull(sql`case when t.request_config is not null then ${request} end`),
    revocationRequestConfig: orNull(sql`case when t.revocation_config is not null then ${revocation} end`),
    accessProfiles: parentsOf(published, object(referenceFields('ACCESS_PROFILE', raw('p.id'), raw('p.name')))),
    membership: nothing,
    legacyMembershipInfo: nothing,
    dimensional: raw('false'),
    dimensionRefs: nothing,
    privilegeLevel: nothing,
  },
}

const ids = { operators: ['eq', 'in'] } as const
const moments = { operators: ['gt', 'lt', 'ge', 'le'], sortable: true } as const

export const roleFields = new FieldTable(
  {
    id: id(column('id'), ids),
    name: text(column('name'), { key: column('name_key'), operators: ['eq', 'sw'], sortable: true }),
    created: instant(column('created_at'), moments),
    modified: instant(column('updated_at'), moments),
    'owner.id': id(column('owner_id'), { ...ids, nullable: true }),
    requestable: flag(column('requestable'), { operators: ['eq'] }),
  },
  { negation: false },
)
