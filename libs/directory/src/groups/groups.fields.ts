import { kind } from '../kind.fields.ts'
import { groupDefaults, type GroupFields } from './groups.dto.ts'

export const groupKind = kind<GroupFields>({
  name: 'group',
  columns: { name: 'text', description: 'text', owner_id: 'uuid', external_id: 'text' },
  defaults: groupDefaults,
  references: { owner_id: 'identity' },
  uniqueNames: true,
})
