import { parentsOf, published } from '#access-profiles'
import { FieldTable, flag, id, text, time as instant } from '#filter'
import { column, json, object, raw, type Projection } from '#platform'
import { profileView } from '../../access-profiles/access-profiles.fields.ts'
import { referenceFields } from '../../wire.fields.ts'

const { source: _, provisioningCriteria: _c, ...fields } = profileView.fields
const nothing = json(raw(`'null'`))

/** A role as SailPoint shows it: an access profile that inherits from others. */
export const roleView: Projection = {
  table: 'access_profiles',
  text: true,
  fields: {
    ...fields,
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
