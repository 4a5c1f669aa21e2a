import { raw, sql, type Fragment } from '#platform'
import { kind } from '../kind.fields.ts'
import { checkCriteria } from './criteria.ts'
import { segmentDefaults, type SegmentFields } from './segments.dto.ts'

export const segmentKind = kind<SegmentFields>({
  name: 'segment',
  columns: {
    name: 'text',
    description: 'text',
    owner_id: 'uuid',
    active: 'boolean',
    visibility_criteria: 'jsonb',
    external_id: 'text',
  },
  defaults: segmentDefaults,
  references: { owner_id: 'identity' },
  uniqueNames: true,
  check: ({ visibility_criteria }) => checkCriteria(visibility_criteria),
})

/** Of the identity `i`: an attribute, by any case of its value; its name and address go by their own names. */
const holds = (node: string): string => `fold(coalesce(i.attributes ->> (${node} ->> 'attribute'),
  case ${node} ->> 'attribute' when 'name' then i.name when 'displayName' then i.name when 'email' then i.email end))
  = fold(${node} -> 'value' ->> 'value')`

const root = `(s.visibility_criteria -> 'expression')`

/** The active segments `s` that the identity belongs to: what follows `select …`. */
export function segmentsOf(identityId: string): Fragment {
  return sql`from segments s join identities i on i.id = ${identityId}::uuid
    where s.active and case ${raw(root)} ->> 'operator'
      when 'EQUALS' then ${raw(holds(root))}
      when 'AND' then not exists (
        select from jsonb_array_elements(${raw(root)} -> 'children') c where (${raw(holds('c'))}) is not true)
    end`
}
