import { text } from '#filter'
import { column, sql, type Fragment } from '#platform'
import { kind } from '../kind.fields.ts'
import { fieldError } from '../object-fields.ts'
import { sourceDefaults, type SourceFields } from './sources.dto.ts'

export const sourceKind = kind<SourceFields>({
  name: 'source',
  columns: {
    name: 'text',
    description: 'text',
    connector: 'text',
    type: 'text',
    features: 'text[]',
    authoritative: 'boolean',
    owner_id: 'uuid',
    management_group_id: 'uuid',
    aws: 'jsonb',
    attributes: 'jsonb',
    extensions: 'jsonb',
    external_id: 'text',
  },
  filter: { connector: text(column('connector'), { caseExact: true }) },
  defaults: sourceDefaults,
  references: { owner_id: 'identity', management_group_id: 'group' },
  uniqueNames: true,
  check: ({ aws }) => {
    const ids = new Set<string>()
    for (const [index, { id }] of (aws?.accounts ?? []).entries()) {
      if (ids.has(id)) throw fieldError(`aws.accounts.${index}.id`, `the account ${id} stands twice in aws.accounts`)
      ids.add(id)
    }
  },
})

/** That the source `t` is one of those that the sub-administrator administers. */
export function managedBy(identityId: string): Fragment {
  return sql`exists (select from group_members m where m.group_id = t.management_group_id and m.identity_id = ${identityId}::uuid)`
}
