import { FieldTable, flag, id, instant, text, texts } from '#filter'
import { column, columns, document, raw, sql, time, type Fields, type Fragment, type Projection } from '#platform'
import { hex, longText, reference } from '../../wire.fields.ts'

/** What a source is, where it was never said: what SailPoint shows of a source that nobody has checked. */
const unset = {
  cluster: raw(`null`),
  accountCorrelationConfig: raw(`null`),
  accountCorrelationRule: raw(`null`),
  managerCorrelationMapping: raw(`null`),
  managerCorrelationRule: raw(`null`),
  beforeProvisioningRule: raw(`null`),
  schemas: raw(`'[]'`),
  passwordPolicies: raw(`null`),
  connectorClass: raw(`''::text`),
  deleteThreshold: raw(`10`),
  healthy: raw(`false`),
  status: raw(`'SOURCE_STATE_UNCHECKED_SOURCE'::text`),
  since: raw(`wire_time(t.created_at)`),
  connectorId: column('connector'),
  connectorName: raw('coalesce(t.type, t.connector)'),
  connectionType: raw(`'direct'::text`),
  connectorImplementationId: column('connector'),
  credentialProviderEnabled: raw(`false`),
  category: raw(`null::text`),
} as const satisfies Fields

/** What SailPoint keeps of a source that means nothing to us; it stands in its extensions. */
export type Kept = keyof typeof unset
export const keptFields = Object.keys(unset) as readonly Kept[]

const structured: ReadonlySet<string> = new Set<Kept>([
  'cluster',
  'accountCorrelationConfig',
  'accountCorrelationRule',
  'managerCorrelationMapping',
  'managerCorrelationRule',
  'beforeProvisioningRule',
  'schemas',
  'passwordPolicies',
])

const stored = (name: string): string => `t.extensions -> 'sailpoint' -> '${name}'`

function kept(name: Kept): Fragment {
  const otherwise = structured.has(name) ? sql`${unset[name]}::jsonb` : sql`to_jsonb(${unset[name]})`
  return document(sql`coalesce(${raw(stored(name))}, ${otherwise}, 'null')`)
}

const textOf = (name: Kept): Fragment =>
  sql`coalesce(t.extensions -> 'sailpoint' ->> '${raw(name)}', (${unset[name]})::text)`

const type = raw('coalesce(t.type, t.connector)')

export const sourceView: Projection = {
  table: 'sources',
  text: true,
  fields: {
    id: hex(column('id')),
    ...columns('name'),
    description: raw(`coalesce(t.description, '')`),
    owner: reference('IDENTITY', raw('o.id'), raw('o.name'), raw('identities o where o.id = t.owner_id')),
    ...Object.fromEntries(keptFields.slice(0, 8).map((name) => [name, kept(name)])),
    ...columns('features'),
    type,
    ...columns('connector'),
    connectorAttributes: document(column('attributes')),
    ...columns('authoritative'),
    managementWorkgroup: reference(
      'GOVERNANCE_GROUP',
      raw('g.id'),
      raw('g.name'),
      raw('groups g where g.id = t.management_group_id'),
    ),
    ...Object.fromEntries(keptFields.slice(8).map((name) => [name, kept(name)])),
    created: time('created_at'),
    modified: time('updated_at'),
  },
}

/*
 * A tenant has hundreds of sources, not hundreds of thousands: what stands in their extensions, their descriptions, features
 * and owners' names are looked at in all of them, where entitlements and people have an index for each order.
 */
const like = ['eq', 'ge', 'gt', 'in', 'le', 'lt', 'ne', 'isnull', 'sw'] as const
const ids = { operators: like, nullable: true, sortable: true }
const moments = { operators: like, sortable: true }
const inside = (name: string, member: string): Fragment => raw(`${stored(name)} ->> '${member}'`)
const ordered = { operators: [], nullable: true, sortable: true } as const

export const sourceFields = new FieldTable({
  id: id(column('id'), { operators: like, sortable: true }),
  name: text(column('name'), {
    key: column('name_key'),
    operators: ['co', 'eq', 'in', 'sw', 'ge', 'gt', 'ne', 'isnull'],
    sortable: true,
  }),
  type: text(type, { operators: ['eq', 'in', 'ge', 'gt', 'ne', 'isnull', 'sw'], sortable: true }),
  'owner.id': id(column('owner_id'), ids),
  features: texts(column('features'), { operators: ['ca', 'co'] }),
  created: instant(column('created_at'), moments),
  modified: instant(column('updated_at'), moments),
  'managementWorkgroup.id': id(column('management_group_id'), ids),
  description: longText(column('description'), { operators: ['eq', 'sw'], nullable: true, sortable: true }),
  authoritative: flag(column('authoritative'), { operators: ['eq', 'ne', 'isnull'], sortable: true }),
  healthy: flag(raw(`coalesce(${stored('healthy')} = 'true', false)`), { operators: ['isnull'], sortable: true }),
  status: longText(textOf('status'), { operators: like, sortable: true }),
  connectionType: longText(textOf('connectionType'), { operators: like, sortable: true }),
  connectorName: longText(textOf('connectorName'), {
    operators: ['eq', 'ge', 'gt', 'in', 'ne', 'isnull', 'sw'],
    sortable: true,
  }),
  category: text(raw(`${stored('category')} #>> '{}'`), {
    operators: ['co', 'eq', 'ge', 'gt', 'in', 'le', 'lt', 'ne', 'sw'],
    nullable: true,
  }),
  'owner.name': text(raw('(select o.name from identities o where o.id = t.owner_id)'), ordered),
  'accountCorrelationConfig.id': longText(inside('accountCorrelationConfig', 'id'), ordered),
  'accountCorrelationConfig.name': longText(inside('accountCorrelationConfig', 'name'), ordered),
  'managerCorrelationRule.type': longText(inside('managerCorrelationRule', 'type'), ordered),
  'managerCorrelationRule.id': longText(inside('managerCorrelationRule', 'id'), ordered),
  'managerCorrelationRule.name': longText(inside('managerCorrelationRule', 'name'), ordered),
})
