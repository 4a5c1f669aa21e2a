import { kind } from '../kind.fields.ts'
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
})
